#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Recompute the seals of proposals from nothing but canonical-form.md. Needs PyYAML.

    seal.py proposals/*.yaml

prints for each its id, the full digest and the machine digest. The metrics that
a derived one reads have to be among the files.
"""
import hashlib
import json
import re
import sys

import yaml

DECIDED = {"authors", "example", "field", "id", "lint", "load", "pii", "question", "storage", "summarization"}
PROSE = {"description", "question", "reason", "sanitization", "uncharted"}
DEFAULTS = {("absent", "skip"), ("label", "optional"), ("population", "persistent")}
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$")


class Number(str):
    """A number, as it is written in the file."""


def plain(node):
    """Turn a YAML node into dicts, lists, strings, Numbers, bools and None."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    if node.style is None:
        if node.value in ("", "~", "null", "Null", "NULL"):
            return None
        if node.value in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return node.value.lower() == "true"
        if NUMBER.match(node.value):
            return Number(node.value)
    return node.value


def omitted(key, value, machine):
    words = key in PROSE or key == "weights"
    return value in (None, [], {}) or (isinstance(value, str) and (key, value) in DEFAULTS) or (machine and words)


def canonical(key, value, machine, raw=False):
    if isinstance(value, dict):
        parts = []
        for k in sorted(value):
            if raw or not omitted(k, value[k], machine):
                parts.append(text(k) + ":" + canonical(k, value[k], machine, raw or k == "payload"))
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list):
        if key == "by":
            value = [v["field"] if isinstance(v, dict) and set(v) == {"field"} else v for v in value]
        return "[" + ",".join(canonical("", v, machine, raw) for v in value) + "]"
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value
    if key in PROSE and not raw:
        value = " ".join(value.split())
    return text(value)


def text(s):
    return json.dumps(s, ensure_ascii=False)


def form(proposal, machine):
    decided = {k: v for k, v in proposal.items() if k in DECIDED}
    if machine:
        decided.pop("authors", None)
        decided.pop("lint", None)
    if "authors" in decided:
        decided["authors"] = sorted(decided["authors"])
    if "example" in decided:
        decided["example"] = {k: v for k, v in decided["example"].items() if k == "payload"}
    return canonical("", decided, machine)


def digest(s):
    return "sha256:" + hashlib.sha256(s.encode()).hexdigest()


def seal(proposal, others):
    read = "".join("\n%s %s" % (i, digest(form(others[i], True))) for i in proposal.get("from") or [])
    return digest(form(proposal, False) + read), digest(form(proposal, True) + read)


def main(paths):
    proposals = {}
    for path in paths:
        with open(path, encoding="utf-8") as f:
            proposal = plain(yaml.compose(f, Loader=yaml.BaseLoader))
        proposals[proposal["id"]] = proposal
    for i in sorted(proposals):
        print(i, *seal(proposals[i], proposals))


if __name__ == "__main__":
    main(sys.argv[1:])
