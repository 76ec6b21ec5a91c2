// SPDX-License-Identifier: GPL-2.0-or-later

// Package summarize turns the reports of a day into its summaries, and those into what may be
// published.
package summarize
