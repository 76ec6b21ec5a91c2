// SPDX-License-Identifier: GPL-2.0-or-later

package store

import (
	"fmt"
	"time"
)

// Day is a day in UTC, as the number of days since 1970-01-01.
type Day int64

const secondsOfDay = 24 * 60 * 60

// DayOf returns the day of a moment.
func DayOf(t time.Time) Day {
	seconds := t.Unix()
	day := seconds / secondsOfDay
	if seconds%secondsOfDay < 0 {
		day--
	}
	return Day(day)
}

// ParseDay reads YYYY-MM-DD.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("%q is no day: write it as in 2026-11-23", text)
	}
	return DayOf(t), nil
}

// String returns YYYY-MM-DD.
func (d Day) String() string { return d.Start().Format(time.DateOnly) }

// Start returns the first moment of the day.
func (d Day) Start() time.Time { return time.Unix(int64(d)*secondsOfDay, 0).UTC() }
