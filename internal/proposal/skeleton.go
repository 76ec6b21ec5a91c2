// SPDX-License-Identifier: GPL-2.0-or-later

package proposal

// Skeleton is what is known of a metric before anybody has answered for it: the field that a
// message already has. Empty parts are not known.
type Skeleton struct {
	ID       string
	Title    string
	Question string
	SkeletonLeaf
	Message  string // name of its type; "" is a scalar
	Leaves   []SkeletonLeaf
	Reserved []int64 // numbers inside the message
}

// SkeletonLeaf is a scalar of a skeleton, or the skeleton's own field.
type SkeletonLeaf struct {
	Name        string
	Number      int64
	Label       string // "" is optional
	Type        string // of proto; "" of an enum or a message
	Enum        string
	Members     []SkeletonMember
	Description string
}

// SkeletonMember is one value of an enum.
type SkeletonMember struct {
	Name        string
	Number      int64
	Description string
}

// Open returns what a human still has to answer before the skeleton can be proposed, as the paths
// of the keys that are left out.
func (s *Skeleton) Open() []string {
	var open []string
	if s.Question == "" {
		open = append(open, "question")
	}
	open = append(open, "authors", "example", "storage", "load", "pii", "version")
	if s.Label == Repeated {
		open = append(open, "field.max_items", "field.key")
	}
	if s.Message == "" {
		open = append(open, s.SkeletonLeaf.open("field")...)
	}
	for i := range s.Leaves {
		open = append(open, s.Leaves[i].open("field."+s.Leaves[i].Name)...)
	}
	return append(open, "summarization", "visualization")
}

// open returns what is not known of a leaf. A domain is never known: a message holds whatever fits
// into its types.
func (l *SkeletonLeaf) open(path string) []string {
	var open []string
	if l.Description == "" {
		open = append(open, path+".description")
	}
	switch l.Type {
	case "bool":
	case "":
		for _, m := range l.Members {
			if m.Description == "" {
				open = append(open, path+".members."+m.Name+".description")
			}
		}
	default:
		open = append(open, "domain of "+path)
	}
	return open
}
