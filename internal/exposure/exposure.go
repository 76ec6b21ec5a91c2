// SPDX-License-Identifier: GPL-2.0-or-later

// Package exposure says what a metric could give away. In flow a registry and its message; out come,
// for each leaf, the reason why it can or can't carry personal data, and how many bits it tells of
// the installation that sends it.
package exposure
