"""Which JSON schema keywords an engine build really honours: the ground for engine/constrain.py.

    python bench/schema_keywords.py WEIGHTS.gguf [--native PATH]

Asks for a greeting under a schema that holds one keyword each. An answer that is no JSON object means that the build
dropped the whole schema without a word.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile

from engine_settings import start

from mingbai.engine.child import ChildPlan

KEYWORDS: dict[str, object] = {
    "uniqueItems": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True, "maxItems": 2},
    "not": {"not": {"type": "string"}},
    "if": {"if": {"type": "string"}, "then": {"minLength": 2}},
    "contains": {"type": "array", "contains": {"type": "integer"}, "maxItems": 2},
    "propertyNames": {"type": "object", "propertyNames": {"pattern": "^a"}},
    "dependentRequired": {"type": "object", "dependentRequired": {"a": ["b"]}},
    "patternProperties": {"type": "object", "patternProperties": {"^x": {"type": "integer"}}},
    "minProperties": {"type": "object", "minProperties": 1, "maxProperties": 2},
    "multipleOf": {"type": "integer", "multipleOf": 5, "maximum": 9},
    "format date": {"type": "string", "format": "date"},
    "format uri": {"type": "string", "format": "uri"},
    "pattern": {"type": "string", "pattern": "^[a-c]{2}$"},
    "pattern look-ahead": {"type": "string", "pattern": "^(?=a)abc$"},
    "minimum over maximum": {"type": "integer", "minimum": 5, "maximum": 2},
    "minimum": {"type": "integer", "minimum": 5, "maximum": 7},
    "oneOf": {"oneOf": [{"type": "integer"}, {"type": "string", "maxLength": 4}]},
    "allOf": {"allOf": [{"type": "integer"}, {"maximum": 3}]},
    "$ref": {"$ref": "#/$defs/x"},
    "type list": {"type": ["integer", "null"]},
    "enum": {"enum": ["a", 1, None]},
    "const": {"const": {"k": 1}},
    "unknown annotation": {"type": "integer", "unit": "kg", "nullable": True, "default": 3},
    "unknown type": {"type": "nonsense"},
    "true": True,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    parser.add_argument("--native", default="")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as save:
        plan = ChildPlan(
            weights=args.weights, port=0, secret=secrets.token_hex(16), parent_pid=os.getpid(),
            threads=os.cpu_count() or 1, slots=1, context_per_slot=2048, batch=128, kv_type="f16",
            flash_attention=True, save_dir=save, native=args.native,
        )  # fmt: skip
        child, client = start(plan, {"GOMP_SPINCOUNT": "1000"})
        try:
            for name, inner in KEYWORDS.items():
                schema = {
                    "type": "object", "properties": {"a": inner}, "required": ["a"],
                    "additionalProperties": False, "$defs": {"x": {"type": "integer"}},
                }  # fmt: skip
                body = {
                    "prompt": "Say hello. Answer: ",
                    "n_predict": 24,
                    "temperature": 0,
                    "json_schema": schema,
                }
                reply = client.post("/completion", json=body)
                text = str(reply.json().get("content", ""))
                held = text.lstrip().startswith("{")
                word = (
                    f"refused {reply.status_code}"
                    if reply.status_code != 200
                    else "held"
                    if held
                    else "DROPPED"
                )
                print(f"{name:22} {word:12} {text[:50]!r}")
        finally:
            child.kill()
            child.wait()


if __name__ == "__main__":
    main()
