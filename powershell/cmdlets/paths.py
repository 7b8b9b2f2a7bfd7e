"""Join-Path and Split-Path on text alone; Test-Path for variables, functions, aliases and the environment.

Paths on a drive are refused where PowerShell would ask the drive's provider: the files of a simulated host are not
here.
"""

from __future__ import annotations

import re
from typing import Any, Final

from powershell.command import of_powershell
from powershell.engine_context import EngineBody
from powershell.errors import OutsideSubset
from powershell.wildcard import has_wildcard

_ID: Final = "Microsoft.PowerShell.Commands."
_DRIVE: Final = re.compile(r"([A-Za-z]+):")


def _slashed(path: str) -> str:
    return path.replace("\\", "/")


class JoinPath(EngineBody):
    def process(self) -> None:
        for path in self.context.get("Path"):
            if _DRIVE.match(path) or path.startswith(("\\\\", "//")):
                self.context.outside_subset(f"Join-Path with a drive or share ({path})")
            joined = _slashed(path)
            for child in self.context.get("ChildPath"):
                joined = _joined(joined, _slashed(child))
            self.context.write(joined)


def _joined(parent: str, child: str) -> str:
    if not child:
        return parent if parent.endswith("/") else parent + "/"
    if parent.endswith("/") and child.startswith("/"):
        return parent + child[1:]
    return parent + child if parent.endswith("/") or child.startswith("/") else f"{parent}/{child}"


class SplitPath(EngineBody):
    def process(self) -> None:
        for path in self.context.get("LiteralPath") or self.context.get("Path"):
            if not path.strip("/") or has_wildcard(path):
                self.context.outside_subset(f"Split-Path of {path or 'an empty path'}")
            self.context.write(self._part(path))

    def _part(self, path: str) -> Any:
        get = self.context.get
        drive = _DRIVE.match(path)
        slashed = _slashed(path)
        leaf = slashed.rstrip("/").rpartition("/")[2]
        if get("Leaf"):
            return leaf if leaf or not slashed.startswith("/") else "/"
        if get("IsAbsolute"):
            return bool(drive) or slashed.startswith("/")
        if get("Qualifier"):
            if drive is None:
                self.context.outside_subset("Split-Path -Qualifier of a path without one")
            return drive[0]
        if drive is not None:
            self.context.outside_subset(f"Split-Path of a path on a drive ({path})")
        return slashed if get("NoQualifier") else _parent(slashed)


def _parent(path: str) -> str:
    trimmed = path.rstrip("/")
    parent, separator, _ = trimmed.rpartition("/")
    return "/" if separator and not parent and trimmed != "" else parent


_SESSION_DRIVES: Final = frozenset({"variable", "function", "alias", "env"})


class PathTest(EngineBody):
    def process(self) -> None:
        for path in self.context.get("Path"):
            self.context.write(self._exists(path))

    def _exists(self, path: str | None) -> bool:
        if path is None:
            self.context.outside_subset("Test-Path of null")
        if not path.strip():
            return False
        provider, separator, name = path.partition(":")
        interpreter = self.context.runspace.interpreter
        if not separator or has_wildcard(name):
            self.context.outside_subset(f"Test-Path of a file ({path})")
        name = name[1:] if name[:1] in {"\\", "/"} else name
        if provider.lower() in _SESSION_DRIVES and (self.context.get("PathType") or re.search(r"[\\/:]|^$", name)):
            self.context.outside_subset(f"Test-Path of {path} on a drive of the session")
        match provider.lower():
            case "variable":
                return interpreter.scope.find(name.lower()) is not None
            case "function":
                found = interpreter.scope.function(name.lower()) or self.context.runspace.commands.find(name)
                return found is not None and getattr(found, "kind", "Function") == "Function"
            case "alias":
                return (
                    interpreter.scope.alias(name.lower()) is not None
                    or name.lower() in self.context.runspace.commands.aliases
                )
            case "env":
                return self.context.runspace.environment_variable(name) is not None
        raise OutsideSubset(f"Test-Path of a file ({path})")


CMDLETS: Final = (
    of_powershell(
        "Join-Path",
        JoinPath,
        "Path|PSPath string[] 0 mandatory pipeline by-name, ChildPath string[] 1 mandatory by-name null empty",
    ),
    of_powershell(
        "Split-Path",
        SplitPath,
        "Path string[] 0 mandatory pipeline by-name in:ParentSet|LeafSet|QualifierSet|NoQualifierSet|IsAbsoluteSet, "
        "LiteralPath|PSPath|LP string[] mandatory by-name in:LiteralPathSet, Parent switch in:ParentSet, "
        "Leaf switch mandatory in:LeafSet, Qualifier switch mandatory in:QualifierSet, "
        "NoQualifier switch mandatory in:NoQualifierSet, IsAbsolute switch mandatory in:IsAbsoluteSet",
        default_set="ParentSet",
    ),
    of_powershell(
        "Test-Path",
        PathTest,
        "Path string[] 0 mandatory pipeline by-name null empty none, PathType|Type string one-of:Any|Container|Leaf",
    ),
)
