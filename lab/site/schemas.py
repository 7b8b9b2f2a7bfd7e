"""JSON Schemas of the files people write, for their editors; `python -m lab.site.schemas docs` writes them anew."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from lab.site.discovery import DiscoveryFile
from lab.site.exercise_terms import ExerciseTerms
from lab.site.terms import RealSiteTerms, SimulatedSiteTerms


class _Untitled(GenerateJsonSchema):
    """Leaves out titles of keys, which say no more than the keys themselves."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


class _ForToml(_Untitled):
    """Leaves out null, for which TOML has no word."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def encode_default(self, dft: Any) -> Any:
        return dft.total_seconds() if isinstance(dft, timedelta) else super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        if found.get("default") is None or isinstance(found["default"], dict):
            found.pop("default", None)
        return found


def schemas() -> Mapping[str, str]:
    """The text of each schema by the name of its file."""
    either: Any = RealSiteTerms | SimulatedSiteTerms
    site = TypeAdapter(either).json_schema(schema_generator=_ForToml)
    exercise = ExerciseTerms.model_json_schema(schema_generator=_ForToml)
    discovery = DiscoveryFile.model_json_schema(schema_generator=_Untitled)
    return {
        "site-file.schema.json": _text("Site file of Kunren", site),
        "exercise-plan.schema.json": _text("Exercise plan of Kunren", exercise),
        "discovery-file.schema.json": _text("Discovery file of Kunren", discovery),
    }


def _text(title: str, schema: Mapping[str, Any]) -> str:
    return json.dumps({"$schema": GenerateJsonSchema.schema_dialect, **schema, "title": title}, indent=2) + "\n"


if __name__ == "__main__":
    for name, text in schemas().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
