// SPDX-License-Identifier: GPL-2.0-or-later

package summarize

// Servers are the servers that all tests of the package share.
var Servers = &servers
