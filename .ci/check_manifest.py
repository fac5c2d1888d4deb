"""Hold manifest.yml against Slack's schema: `check_manifest.py SCHEMA.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml
from jsonschema import Draft7Validator

schema = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
manifest = yaml.safe_load(Path("manifest.yml").read_text(encoding="utf-8"))
errors = [error.message for error in Draft7Validator(schema).iter_errors(manifest)]
sys.stdout.write("\n".join(errors) + "\n" if errors else "manifest.yml fits Slack's schema\n")
sys.exit(1 if errors else 0)
