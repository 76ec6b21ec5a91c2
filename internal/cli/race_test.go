// SPDX-License-Identifier: GPL-2.0-or-later

//go:build race

package cli_test

// watched programs take several times the memory.
const watched = true
