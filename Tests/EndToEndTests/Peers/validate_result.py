"""Holds a result against a JSON Schema, both named on the command line; says what is wrong with it."""

import json
import sys

import jsonschema

with open(sys.argv[1], encoding="utf-8") as file:
    validator = jsonschema.Draft202012Validator(json.load(file))
errors = list(validator.iter_errors(json.load(open(sys.argv[2], encoding="utf-8"))))
for error in errors:
    print("/".join(map(str, error.absolute_path)), error.message)
sys.exit(1 if errors else 0)
