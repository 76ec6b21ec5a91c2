// SPDX-License-Identifier: GPL-2.0-or-later

package exposure

import "slices"

// categories are the keys of Fideslang's taxonomy for what each class is, the gravest first.
var categories = []struct{ class, key string }{
	{"national_id", "user.government_id.national_identification_number"}, {"credit_card", "user.financial.credit_card"}, {"iban", "user.financial.bank_account"},
	{"private_key", "user.authorization.credentials"}, {"api_key", "user.authorization.credentials"}, {"jwt", "user.authorization.credentials"},
	{"url_credentials", "user.authorization.credentials"}, {"person_name", "user.name"}, {"email", "user.contact.email"},
	{"phone", "user.contact.phone_number"}, {"geo", "user.location"}, {"username", "user.account.username"}, {"user_path", "user.account.username"},
	{"ipv4", "user.device.ip_address"}, {"ipv6", "user.device.ip_address"}, {"mac", "user.device.device_id"}, {"hostname", "user.device"},
	{"uuid", "user.unique_id"}, {"free_text", "user.content"},
}

// machineUnits are units of what a machine has or does by itself. Any other counts what people do
// with it.
var machineUnits = []string{"", "By", "s", "ms", "%", "1", "{process}", "{host}", "{cpu}", "{node}", "{connection}", "{byte}"}

// category returns the key of Fideslang's taxonomy, and the number of Mozilla's category: 1 is
// technical data, 2 interaction data, 3 what people store or communicate, 4 what identifies.
func category(l Leaf) (key string, mozilla int) {
	if l.Proof == Identifier {
		return "user.unique_id.pseudonymous", 4
	}
	for _, c := range categories {
		if !l.Finds(c.class) {
			continue
		}
		if c.class == "free_text" {
			return c.key, 3
		}
		return c.key, 4
	}
	if l.Proof == Unproved {
		return "user.content", 3
	}
	if slices.Contains(machineUnits, l.Source.Unit.V) && l.Source.Window.V != "24h" {
		return "system.operations", 1
	}
	return "system.operations", 2
}
