"""Pipelines: finding the commands, evaluating their arguments, redirections, and the flow of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from powershell import syntax as ast
from powershell.command import Cmdlet
from powershell.conversion import to_text
from powershell.errors import OutsideSubset, PipelineFailure, PowerShellError, StopUpstream, failure, unknown_command
from powershell.evaluation.cmdlet_processor import CmdletProcessor
from powershell.evaluation.functions import ScriptCommand
from powershell.evaluation.processors import Processor, ScriptProcessor
from powershell.instances import ArrayList, CommandInfo, Hashtable, KeyCollection, ScriptBlock
from powershell.signature import Argument, Signature, dictionary_arguments
from powershell.streams import Streams, discard
from powershell.syntax import RedirectionStream as Stream
from powershell.values import NOTHING, enumerate_value

if TYPE_CHECKING:
    from powershell.evaluation.interpreter import Interpreter

Out = Callable[[Any], None]
_SINKS: Final = {
    Stream.ERROR: "error",
    Stream.WARNING: "warning",
    Stream.VERBOSE: "verbose",
    Stream.DEBUG: "debug",
    Stream.INFORMATION: "information",
}


class Pipelines:
    def __init__(self, interpreter: Interpreter) -> None:
        self._it = interpreter
        self._signatures: dict[int, Signature] = {}

    def signature_of(self, cmdlet: Cmdlet) -> Signature:
        known = self._signatures.get(id(cmdlet))
        if known is None:
            known = Signature.of(
                name=cmdlet.name,
                origin=cmdlet.error_id or cmdlet.name,
                parameters=cmdlet.parameters,
                default_set=cmdlet.default_set,
                compiled=cmdlet.kind == "Cmdlet",
                should_process=cmdlet.should_process,
                outside=cmdlet.outside,
            )
            self._signatures[id(cmdlet)] = known
        return known

    # --- running ---

    def run(self, node: ast.PipelineAst, out: Out) -> None:
        try:
            self.run_elements(node.pipeline_elements, out)
        except PowerShellError as error:
            if error.record.extent is None:
                error.record.extent = node.extent
            raise

    def run_elements(self, elements: Sequence[Any], out: Out) -> None:
        it = self._it
        first = elements[0]
        commands = elements
        source: Any = NOTHING
        has_source = type(first) is ast.CommandExpressionAst
        if has_source:
            commands = elements[1:]
            source = self._source(first, out if not commands else None)
            if not commands:
                return
        processors = self._prepared(commands, out, expecting=has_source)
        self._flow(processors, source if has_source else None)
        it.succeeded = not any(processor.failed for processor in processors)

    def _source(self, first: ast.CommandExpressionAst, out: Out | None) -> Iterable[Any]:
        """What the expression at the head of a pipeline gives, item by item; all of it into `out` where that is all."""
        it = self._it
        if not first.redirections and out is None:
            value = it.statements.output_of(first.expression)
            if isinstance(value, (ArrayList, KeyCollection)):
                return _watched(value)
            items = None if value is None or isinstance(value, str) else enumerate_value(value)
            return [] if value is NOTHING else [value] if items is None else list(items)
        collected: list[Any] = []
        sink, streams = self._redirected(first.redirections, collected.append if out is None else out)
        with it.swapped(it.scope, streams):
            it.statements._emit(first.expression, sink)
        return collected

    def _prepared(self, commands: Sequence[Any], out: Out, *, expecting: bool) -> list[Processor]:
        processors = []
        for index, command in enumerate(commands):
            if type(command) is not ast.CommandAst:
                raise failure(
                    "Expressions are only allowed as the first element of a pipeline.",
                    "ExpressionsMustBeFirstInPipeline",
                )
            processor = self._processor(command)
            processor.expecting_input = expecting or index > 0
            processors.append(processor)
        for index, (processor, command) in enumerate(zip(processors, commands, strict=True)):
            following = processors[index + 1] if index + 1 < len(processors) else None
            sink = out if following is None else self._into(following, processors)
            processor.out, processor.streams = self._redirected(command.redirections, sink)
            if isinstance(processor, CmdletProcessor) and any(map(_merges_errors, command.redirections)):
                processor.merge_errors()
        for processor in processors:
            try:
                processor.prepare()
            except PowerShellError as error:
                processor.complete(error.record)
                raise
        return processors

    def run_prepared(self, processors: list[Processor], out: Out, merged: Sequence[bool] = ()) -> None:
        """Links ready processors and runs them; `merged` sends a command's errors the way of its output."""
        for index, processor in enumerate(processors):
            processor.expecting_input = index > 0
            following = processors[index + 1] if index + 1 < len(processors) else None
            processor.out = out if following is None else self._into(following, processors)
            processor.streams = self._it.streams
            if index < len(merged) and merged[index]:
                processor.streams = processor.streams.changed(error=processor.out)
        for processor in processors:
            processor.prepare()
        self._flow(processors, None)

    def _into(self, following: Processor, pipeline: list[Processor]) -> Out:
        receive = following.receive

        def forward(value: Any) -> None:
            try:
                receive(value)
            except PowerShellError as error:
                raise PipelineFailure(pipeline, following_error(following, error)) from None

        return forward

    def _flow(self, processors: list[Processor], source: Iterable[Any] | None) -> None:
        position = 0
        try:
            try:
                for processor in processors:
                    if not processor.begun:
                        processor.begin()
                if source is None:
                    processors[0].process_once()
                else:
                    for item in source:
                        processors[0].receive(item)
            except StopUpstream as stop:
                position = self._requester(stop, processors)
            while position < len(processors):
                try:
                    processors[position].end()
                except StopUpstream as stop:
                    later = self._requester(stop, processors)
                    if later > position:
                        position = later
                        continue
                position += 1
        except PipelineFailure as failed:
            if failed.pipeline is not processors:
                raise
            raise failed.error from None
        except PowerShellError as error:
            following_error(processors[0], error)
            raise

    def _requester(self, stop: StopUpstream, processors: list[Processor]) -> int:
        if stop.requester not in processors:
            raise stop
        return processors.index(stop.requester)

    # --- commands ---

    def _processor(self, node: ast.CommandAst) -> Processor:
        it = self._it
        elements = node.command_elements
        head = elements[0]
        if type(head) is ast.StringConstantExpressionAst:
            target: Any = head.value
        else:
            target = it.evaluate(head)
        dotted = node.invocation_operator == "."
        arguments: list[Argument] = []
        for element in elements[1:]:
            self._argument(element, arguments)
        it.enter_call()
        it.depth -= 1
        it.checkpoint()
        processor = self._resolved(target, arguments, node, dotted=dotted)
        processor.extent = node.extent
        return processor

    def _resolved(self, target: Any, arguments: list[Argument], node: ast.CommandAst, *, dotted: bool) -> Processor:
        if isinstance(target, ScriptBlock):
            return self.script_processor(self._it.functions.command_of(target), arguments, dotted=dotted)
        if isinstance(target, CommandInfo):
            return self._of_command(target.command, target.name, arguments, dotted=dotted)
        name = "" if target is None else to_text(target)
        if not name:
            raise OutsideSubset(f"{node.invocation_operator} without a command", node.extent)
        return self.named(name, arguments, dotted=dotted, extent=node.command_elements[0].extent)

    def named(
        self, name: str, arguments: Sequence[Argument], *, dotted: bool = False, extent: ast.Extent | None = None
    ) -> Processor:
        command = self._it.runspace.find_command(name, self._it)
        if command is None:
            raise self.not_found(name, extent)
        return self._of_command(command, name, arguments, dotted=dotted)

    def _of_command(self, command: Any, name: str, arguments: Sequence[Argument], *, dotted: bool) -> Processor:
        if isinstance(command, ScriptCommand):
            return self.script_processor(command, arguments, dotted=dotted)
        return CmdletProcessor(self._it, command, self.signature_of(command), name, arguments)

    def script_processor(
        self, command: ScriptCommand, arguments: Sequence[Argument], *, dotted: bool = False
    ) -> ScriptProcessor:
        return ScriptProcessor(self._it, command, arguments, dotted=dotted)

    def not_found(self, name: str, extent: ast.Extent | None) -> PowerShellError:
        return failure(
            unknown_command(name),
            "CommandNotFoundException",
            "ObjectNotFound",
            exception="System.Management.Automation.CommandNotFoundException",
            target=name,
            extent=extent,
            extra={"CommandName": name},
        )

    # --- arguments ---

    def _argument(self, element: Any, arguments: list[Argument]) -> None:
        it = self._it
        kind = type(element)
        if kind is ast.CommandParameterAst:
            value = NOTHING if element.argument is None else it.evaluate(element.argument)
            text = None
            if type(element.argument) is ast.ConstantExpressionAst:
                text = element.argument.extent.text
            arguments.append(Argument(element.parameter_name, value, element.extent, text))
        elif kind is ast.VariableExpressionAst and element.splatted:
            self._splat(element, arguments)
        elif kind is ast.ConstantExpressionAst:
            arguments.append(Argument(None, element.value, element.extent, element.extent.text))
        else:
            arguments.append(Argument(None, it.evaluate(element), element.extent))

    def _splat(self, element: ast.VariableExpressionAst, arguments: list[Argument]) -> None:
        it = self._it
        value = it.expressions.evaluate_raw(_unsplatted(element))
        if isinstance(value, Hashtable):
            arguments += dictionary_arguments(value)
            return
        raise OutsideSubset("splatting of what is no dictionary", element.extent)

    # --- redirections ---

    def _redirected(self, redirections: Sequence[ast.RedirectionAst], out: Out) -> tuple[Out, Streams]:
        streams = self._it.streams
        for redirection in redirections:
            sink = out
            if isinstance(redirection, ast.FileRedirectionAst):
                if self._it.evaluate(redirection.location) is not None:
                    raise OutsideSubset("a redirection to a file", redirection.extent)
                sink = discard
            every = redirection.from_stream is Stream.ALL
            names = [name for source, name in _SINKS.items() if every or source is redirection.from_stream]
            streams = streams.changed(**dict.fromkeys(names, sink))
            if every or redirection.from_stream is Stream.OUTPUT:
                out = sink
        return out, streams


def _merges_errors(node: ast.RedirectionAst) -> bool:
    return isinstance(node, ast.MergingRedirectionAst) and node.from_stream in {Stream.ALL, Stream.ERROR}


def _watched(collection: ArrayList | KeyCollection) -> Iterator[Any]:
    """The items of a collection that must not change meanwhile."""
    state = collection.state()
    for item in list(collection.items):
        yield item
        if collection.state() != state:
            raise OutsideSubset("a collection that changes while it is enumerated")


def following_error(processor: Processor, error: PowerShellError) -> PowerShellError:
    if isinstance(processor, CmdletProcessor) and error.record.extent is None:
        error.record.extent = processor.extent
    return error


def _unsplatted(element: ast.VariableExpressionAst) -> ast.VariableExpressionAst:
    return ast.VariableExpressionAst(extent=element.extent, variable_path=element.variable_path)
