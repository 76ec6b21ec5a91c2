// SPDX-License-Identifier: GPL-2.0-or-later

//go:build !race

package cli_test

const watched = false
