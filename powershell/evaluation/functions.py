"""Functions and script blocks: their parameters, their scope, their blocks, and calling them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.binder import Binder
from powershell.command import Parameter, Placement, Validation
from powershell.declared import DotNetType, EnumType
from powershell.errors import OutsideSubset, ReturnFromBlock
from powershell.evaluation.assignment import CONSTANTS
from powershell.instances import ScriptBlock
from powershell.scope import Variable
from powershell.signature import Argument, Signature
from powershell.text_conversion import to_bool, to_text
from powershell.values import UNSET, SwitchParameter

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

_FLAGS = {
    "mandatory": "mandatory",
    "valuefrompipeline": "from_pipeline",
    "valuefrompipelinebypropertyname": "from_pipeline_by_property_name",
    "valuefromremainingarguments": "remaining",
}
_NAMED_HARMLESS: Final = """
    outputtype suppressmessage diagnostics.codeanalysis.suppressmessage argumentcompleter argumentcompletions
    system.diagnostics.codeanalysis.suppressmessage supportswildcards psdefaultvalue
"""
_HARMLESS = frozenset(_NAMED_HARMLESS.split())
_AUTOMATIC = frozenset({"_", "args", "input", "myinvocation", "psboundparameters", "pscmdlet", "psitem", "this"})
_VALIDATIONS = {
    kind.lower(): kind
    for kind in ("ValidateSet", "ValidateRange", "ValidatePattern", "ValidateNotNull", "ValidateNotNullOrEmpty")
}
_ALLOWS = {
    "allownull": "allow_null",
    "allowemptystring": "allow_empty_string",
    "allowemptycollection": "allow_empty_collection",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScriptCommand:
    """A function or script block, ready to be called."""

    name: str
    block: ScriptBlock
    tree: ast.ScriptBlockAst
    signature: Signature
    defaults: dict[str, Any]
    """Default value expressions by parameter name."""
    kind: str = "Function"


class Functions:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter
        self._known: dict[Any, ScriptCommand] = {}
        self.catching = 0
        """How many catch blocks surround the running statement (a bare `throw` throws again there)."""

    # --- definitions ---

    def define(self, node: ast.FunctionDefinitionAst) -> None:
        it = self._it
        qualifier, _, bare = node.name.rpartition(":")
        scope = {"global": it.global_scope, "script": it.global_scope}.get(qualifier.lower(), it.scope)
        if qualifier and qualifier.lower() not in {"global", "script", "local", "private"}:
            raise OutsideSubset(f"the function name {node.name}", node.extent)
        text = node.body.extent.text
        block = ScriptBlock(node.body, text[1:-1] if text.startswith("{") else text)
        command = self._command(bare or node.name, block, node.body, node.parameters)
        scope.functions[(bare or node.name).lower()] = command

    def command_of(self, block: ScriptBlock) -> ScriptCommand:
        """The script block as something to call."""
        known = self._known.get(block.ast)
        if known is None:
            if len(self._known) > 1000:
                self._known.clear()
            known = self._command("", block, block.ast, None)
            self._known[block.ast] = known
        return known

    def _command(
        self, name: str, block: ScriptBlock, tree: ast.ScriptBlockAst, parameters: Sequence[ast.ParameterAst] | None
    ) -> ScriptCommand:
        declared = parameters
        attributes: tuple[ast.AttributeBaseAst, ...] = ()
        if tree.param_block is not None:
            declared = tree.param_block.parameters
            attributes = tree.param_block.attributes
        advanced = self._has_cmdlet_binding(attributes) or any(self._is_advanced(each) for each in declared or ())
        built = self._with_positions([self._parameter(each) for each in declared or ()])
        signature = Signature.of(name=name, origin=name, parameters=tuple(built), advanced=advanced)
        defaults = {
            each.name.variable_path.name: each.default_value
            for each in declared or ()
            if each.default_value is not None
        }
        return ScriptCommand(name=name, block=block, tree=tree, signature=signature, defaults=defaults)

    def _with_positions(self, built: list[Parameter]) -> list[Parameter]:
        """Without any Position written, parameters take the positions of their order; switches take none."""
        if any(placement.position is not None for known in built for placement in known.placements):
            return built
        numbered: list[Parameter] = []
        position = 0
        for known in built:
            if known.is_switch:
                numbered.append(known)
                continue
            numbered.append(self._at(known, position))
            position += 1
        return numbered

    def _at(self, known: Parameter, position: int) -> Parameter:
        placements = tuple(
            placement if placement.remaining else replace(placement, position=position)
            for placement in known.placements
        )
        return replace(known, placements=placements)

    def _has_cmdlet_binding(self, attributes: Sequence[ast.AttributeBaseAst]) -> bool:
        found = False
        for attribute in attributes:
            name = attribute.type_name.name.lower().removesuffix("attribute")
            if name == "cmdletbinding" and isinstance(attribute, ast.AttributeAst):
                found = True
                if attribute.named_arguments:
                    written = ", ".join(each.argument_name for each in attribute.named_arguments)
                    raise OutsideSubset(f"CmdletBinding({written})", attribute.extent)
            elif name not in _HARMLESS and name != "alias":
                raise OutsideSubset(f"the attribute [{attribute.type_name.name}]", attribute.extent)
        return found

    def _is_advanced(self, node: ast.ParameterAst) -> bool:
        return any(
            isinstance(attribute, ast.AttributeAst)
            and attribute.type_name.name.lower().removesuffix("attribute").endswith("parameter")
            for attribute in node.attributes
        )

    def _parameter(self, node: ast.ParameterAst) -> Parameter:
        fields: dict[str, Any] = {"name": node.name.variable_path.name}
        if fields["name"].lower() in _AUTOMATIC or fields["name"].lower() in CONSTANTS:
            raise OutsideSubset(f"a parameter named ${fields['name']}", node.extent)
        placements: list[Placement] = []
        validations: list[Validation] = []
        for attribute in node.attributes:
            if isinstance(attribute, ast.TypeConstraintAst):
                fields["type"] = self._it.expressions.resolve_type(attribute.type_name).name
                continue
            assert isinstance(attribute, ast.AttributeAst)
            name = (
                attribute.type_name.name.lower().removesuffix("attribute").removeprefix("system.management.automation.")
            )
            if name == "parameter":
                placements.append(self._placement(attribute))
            elif name == "alias":
                fields["aliases"] = tuple(to_text(self._it.evaluate(each)) for each in attribute.positional_arguments)
            elif name in _ALLOWS:
                fields[_ALLOWS[name]] = True
            elif name.startswith("validate"):
                validations.append(self._validation(attribute))
            elif name not in _HARMLESS:
                raise OutsideSubset(f"the attribute [{attribute.type_name.name}]", attribute.extent)
        if placements:
            fields["placements"] = tuple(placements)
        return Parameter(**fields, validations=tuple(validations))

    def _placement(self, attribute: ast.AttributeAst) -> Placement:
        fields: dict[str, Any] = {}
        for each in attribute.named_arguments:
            key = each.argument_name.lower()
            value = True if each.expression_omitted else self._it.evaluate(each.argument)
            if key in _FLAGS:
                fields[_FLAGS[key]] = to_bool(value)
            elif key == "position":
                fields["position"] = int(value)
            elif key not in {"helpmessage", "dontshow", "helpmessagebasename", "helpmessageresourceid"}:
                raise OutsideSubset(f"Parameter({each.argument_name})", attribute.extent)
        return Placement(**fields)

    def _validation(self, attribute: ast.AttributeBaseAst) -> Validation:
        """What a Validate… attribute asks for."""
        assert isinstance(attribute, ast.AttributeAst)
        name = attribute.type_name.name.lower().removesuffix("attribute").removeprefix("system.management.automation.")
        if name not in _VALIDATIONS:
            raise OutsideSubset(f"the attribute [{attribute.type_name.name}]", attribute.extent)
        arguments = tuple(self._it.evaluate(each) for each in attribute.positional_arguments)
        for each in attribute.named_arguments:
            raise OutsideSubset(f"{attribute.type_name.name}({each.argument_name})", attribute.extent)
        return Validation(kind=_VALIDATIONS[name], arguments=arguments)

    # --- calls ---

    def invoke_block(
        self,
        block: ScriptBlock,
        arguments: Sequence[Any],
        out: Callable[[Any], None],
        *,
        underscore: Any,
        new_scope: bool = True,
    ) -> None:
        """Calls a script block from Python, as ForEach-Object does."""
        it = self._it
        tree = block.ast
        simple = tree.param_block is None and tree.begin_block is None and tree.process_block is None
        if simple and not new_scope:
            self._run_dotted(tree, arguments, out, underscore)
            return
        command = self.command_of(block)
        words = [Argument(None, value) for value in arguments]
        processor = it.pipelines.script_processor(command, words, dotted=not new_scope)
        processor.out = out
        if underscore is not UNSET:
            processor.underscore = underscore
        processor.run_alone()

    def _run_dotted(
        self, tree: ast.ScriptBlockAst, arguments: Sequence[Any], out: Callable[[Any], None], underscore: Any
    ) -> None:
        it = self._it
        it.checkpoint()
        if tree.end_block is None:
            return
        variables = it.scope.variables
        old, old_arguments = variables.get("_"), variables.get("args")
        if underscore is not UNSET:
            variables["_"] = Variable("_", underscore)
        variables["args"] = Variable("args", list(arguments))
        it.enter_call()
        compiled, it.compiled = it.compiled, False
        try:
            it.statements.block(tree.end_block, out)
        except ReturnFromBlock:
            pass
        finally:
            it.depth -= 1
            it.compiled = compiled
            _restore(variables, "args", old_arguments)
            if underscore is not UNSET:
                _restore(variables, "_", old)

    def default_of(self, command: ScriptCommand, known: Parameter, binder: Binder) -> Any:
        """The value of an unbound parameter: its default, else what its type starts with."""
        it = self._it
        node = command.defaults.get(known.name)
        target = it.types.find(known.type)
        if node is not None:
            value = it.evaluate(node)
            if target is None or target.name == "System.Object":
                return value
            return binder.cast(known, target, value)
        if known.is_switch:
            return SwitchParameter(is_present=False)
        if target is None:
            return None
        if is_plain_structure(target):
            return None
        return it.members.default_value(target)


_STRUCTURES = frozenset({"System.Char", "System.DateTime", "System.TimeSpan", "System.Guid"})


def is_plain_structure(target: DotNetType) -> bool:
    """Value types that are no numbers: their unbound parameters are null, and no conversion is compiled for them."""
    return target.name in _STRUCTURES or isinstance(target.definition, EnumType)


def _restore(variables: dict[str, Variable], name: str, old: Variable | None) -> None:
    if old is None:
        variables.pop(name, None)
    else:
        variables[name] = old
