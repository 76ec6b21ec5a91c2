// SPDX-License-Identifier: GPL-2.0-or-later

package domain

import (
	"math"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestNumberIsCanonical(t *testing.T) {
	same := [][]Number{
		{{}, Int(0), Uint(0), Float(0), Float(math.Copysign(0, -1))},
		{Int(2), Uint(2), Float(2)},
		{Int(-3), Float(-3)},
		{Int(math.MinInt64), Float(math.MinInt64)},
		{Uint(1 << 63), Float(1 << 63)},
		{Float(math.NaN()), Float(-math.NaN())},
	}
	for i, left := range same {
		for j, right := range same {
			for _, a := range left {
				for _, b := range right {
					if (a == b) != (i == j) {
						t.Errorf("%v == %v is %v", a, b, a == b)
					}
				}
			}
		}
	}
}

func genNumber() *rapid.Generator[Number] {
	edges := []Number{
		Int(math.MinInt64), Int(math.MaxInt64), Uint(math.MaxUint64), Float(1 << 64), Float(-(1 << 64)), Float(0.5), Float(-0.5),
		Int(1 << 53), Int(1<<53 + 1), Float(math.MaxFloat64), Float(math.SmallestNonzeroFloat64), Float(-1e-300), Float(math.Inf(1)), Float(math.Inf(-1)),
	}
	return rapid.OneOf(
		rapid.Map(rapid.Int64(), Int), rapid.Map(rapid.Uint64(), Uint), rapid.Map(rapid.Float64(), Float), rapid.SampledFrom(edges),
	)
}

// exact returns the number without rounding.
func exact(n Number) *big.Float {
	if i, ok := n.Int64(); ok {
		return new(big.Float).SetPrec(2000).SetInt64(i)
	}
	if u, ok := n.Uint64(); ok {
		return new(big.Float).SetPrec(2000).SetUint64(u)
	}
	return new(big.Float).SetPrec(2000).SetFloat64(n.Float64())
}

func TestNumberCompare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := genNumber().Draw(t, "a"), genNumber().Draw(t, "b")
		want := exact(a).Cmp(exact(b))
		if a.Compare(b) != want || b.Compare(a) != -want || (a == b) != (want == 0) {
			t.Fatalf("%v and %v compare as %d, want %d", a, b, a.Compare(b), want)
		}
		if nan := Float(math.NaN()); nan.Compare(a) != -1 || a.Compare(nan) != 1 || nan.Compare(nan) != 0 {
			t.Fatalf("NaN does not come before %v", a)
		}
	})
}

func TestNumberString(t *testing.T) {
	got := []string{Int(-5).String(), Uint(math.MaxUint64).String(), Float(0.1).String(), Float(1e300).String(), Float(math.NaN()).String()}
	if diff := cmp.Diff([]string{"-5", "18446744073709551615", "0.1", "1e+300", "NaN"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestNumberConversions(t *testing.T) {
	if _, ok := Uint(1 << 63).Int64(); ok {
		t.Error("2^63 is an int64")
	}
	if _, ok := Int(-1).Uint64(); ok {
		t.Error("-1 is a uint64")
	}
	if _, ok := Float(0.5).Int64(); ok || Float(0.5).IsInteger() || Float(1<<64).IsInteger() || !Float(7).IsInteger() {
		t.Error("0.5 or 2^64 is an integer, or 7 is none")
	}
	if Int(-7).Float64() != -7 || Float(0.5).Float64() != 0.5 || Uint(7).Float64() != 7 {
		t.Error("a number is changed by Float64")
	}
}

// must takes the two results of a constructor.
func must(s Numbers, err error) Numbers {
	if err != nil {
		panic(err)
	}
	return s
}

func TestNumbersContains(t *testing.T) {
	nan, inf := Float(math.NaN()), Float(math.Inf(1))
	tests := []struct {
		name    string
		set     Numbers
		in, out []Number
		members float64
	}{
		{"small", must(Integers(Int(0), Int(100))), []Number{Int(0), Uint(100), Float(50)}, []Number{Int(-1), Int(101), Float(0.5), nan, inf}, 101},
		{"below 0", must(Integers(Int(-9), Int(-2))), []Number{Int(-9), Int(-2)}, []Number{Int(-10), Int(-1), Int(0)}, 8},
		{"across 0", must(Integers(Int(-2), Int(1))), []Number{Int(-2), Int(1)}, []Number{Int(-3), Int(2), Float(-0.5)}, 4},
		{"all", must(Integers(Int(math.MinInt64), Uint(math.MaxUint64))), []Number{Int(math.MinInt64), Uint(math.MaxUint64)}, []Number{Float(1 << 64), nan}, 1<<63 + 1<<64},
		{"one", must(Integers(Uint(math.MaxUint64), Uint(math.MaxUint64))), []Number{Uint(math.MaxUint64)}, []Number{Uint(math.MaxUint64 - 1)}, 1},
		{"uint64", must(Integers(Int(0), Uint(math.MaxUint64))), []Number{Int(0), Uint(math.MaxUint64)}, []Number{Int(-1)}, 1 << 64},
		{"reals", must(Reals(Int(0), Float(0.5))), []Number{Int(0), Float(0.1), Float(0.5)}, []Number{Float(0.6), Float(-0.1), nan, inf}, 0x3fe0000000000000 + 1},
		{"wide reals", must(Reals(Float(-math.MaxFloat64), Float(math.MaxFloat64))), []Number{Int(0), Uint(math.MaxUint64), Float(-1e300)}, []Number{inf, nan}, 0xffe0000000000000},
		{"classes", must(Values(Int(64), Int(0), Int(8), Int(1))), []Number{Int(0), Uint(8), Float(64)}, []Number{Int(2), Int(65), Int(-1), nan}, 4},
		{"none", Numbers{}, nil, []Number{Int(0), nan}, 0},
	}
	r := rand.New(rand.NewPCG(7, 8))
	for _, test := range tests {
		for _, n := range test.in {
			if !test.set.Contains(n) {
				t.Errorf("%s: %v is outside", test.name, n)
			}
		}
		for _, n := range test.out {
			if test.set.Contains(n) {
				t.Errorf("%s: %v is inside", test.name, n)
			}
		}
		if got, want := test.set.Cardinality(), math.Log2(test.members); got != want && math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: 2^%v members, want 2^%v", test.name, got, want)
		}
		sampleNumbers(t, test.name, test.set, r)
	}
}

func sampleNumbers(t *testing.T, name string, s Numbers, r *rand.Rand) {
	t.Helper()
	least, greatest, ok := s.Bounds()
	seen := map[Number]bool{}
	for range 2000 {
		n := s.Sample(r)
		if s.Contains(n) != ok {
			t.Fatalf("%s: the sample %v is inside: %v", name, n, !ok)
		}
		seen[n] = true
	}
	if !seen[least] || !seen[greatest] {
		t.Errorf("%s: no sample is %v or %v", name, least, greatest)
	}
	if want := min(math.Exp2(s.Cardinality()), 1000); float64(len(seen)) < want-1e-6 && ok {
		t.Errorf("%s: only %d samples differ", name, len(seen))
	}
}

func TestNumbersErrors(t *testing.T) {
	nan, inf := Float(math.NaN()), Float(math.Inf(1))
	try := func(_ Numbers, err error) error { return err }
	tests := []struct {
		err  error
		want string
	}{
		{try(Integers(Int(2), Int(1))), "min 2 is above max 1: swap them"},
		{try(Integers(Float(0.5), Int(1))), "0.5 is not an integer"},
		{try(Integers(Int(0), Float(1<<64))), "is not an integer"},
		{try(Reals(nan, Int(1))), "NaN is not a finite double"},
		{try(Reals(Int(0), inf)), "+Inf is not a finite double"},
		{try(Reals(Int(0), Int(1<<53+1))), "is not a finite double"},
		{try(Reals(Float(0.5), Int(0))), "swap them"},
		{try(Values()), "no values"},
		{try(Values(Int(1), Int(2), Float(1))), "1 occurs twice"},
		{try(Values(nan)), "NaN is not finite"},
	}
	for _, test := range tests {
		if test.err == nil || !strings.Contains(test.err.Error(), test.want) {
			t.Errorf("%v, want %s", test.err, test.want)
		}
	}
}

func TestNumbersValues(t *testing.T) {
	s := must(Values(Int(8), Int(0)))
	got := s.Values()
	if len(got) != 2 || got[0] != Int(0) || got[1] != Int(8) {
		t.Errorf("values %v", got)
	}
	got[0] = Int(5)
	if s.Contains(Int(5)) || must(Integers(Int(0), Int(1))).Values() != nil {
		t.Error("a caller can change a list, or a range has one")
	}
}
