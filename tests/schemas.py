"""Validation by JSON Schemas that refer to their own definitions, each reference replaced once for all."""

from jsonschema import Draft202012Validator

REMARKS = {"title", "description"}


def validator(schema):
    return Draft202012Validator(_inlined(schema, schema.get("$defs", {})))


def _inlined(part, definitions):
    """Each reference is replaced by what it refers to."""
    if isinstance(part, list):
        return [_inlined(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    own = {name: _inlined(value, definitions) for name, value in part.items() if name not in {"$defs", "$ref"}}
    if "$ref" not in part:
        return own
    meant = _inlined(definitions[part["$ref"].removeprefix("#/$defs/")], definitions)
    assert not (own.keys() & meant.keys()) - REMARKS, "both would have to hold"
    return meant | own
