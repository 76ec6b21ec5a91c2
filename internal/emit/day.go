// SPDX-License-Identifier: GPL-2.0-or-later

package emit

import "github.com/pulp/pulpmetrics/internal/registry"

// Day returns the day that generated files speak of, YYYY-MM-DD: that of the newest release in
// pulpmetrics.yaml, whoever's it is; "" if there is none. Every release that is listed is out on
// it. Files so change when a file of the project does, and never because a day has passed: a metric
// counts as retired in the files from the first release on that is as new as its retirement.
func Day(r *registry.Registry) string {
	newest := ""
	for _, component := range r.Project.Releases {
		for _, release := range component.Value {
			newest = max(newest, release.Value.V)
		}
	}
	return newest
}
