"""The engine's values as a PSRP client gets them, and the client's arguments as the engine gets them."""

from __future__ import annotations

import datetime as dt
import decimal
import uuid

import pytest
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from lab.simulator.winrm.psrp_values import remote_value
from powershell import (
    Byte,
    DateTime,
    DotNetClass,
    DotNetObject,
    EnumType,
    ErrorRecord,
    Guid,
    Hashtable,
    InformationRecord,
    Inspection,
    Int64,
    OutsideSubset,
    Property,
    PSCustomObject,
    TerminatingError,
    TimeSpan,
    TypedArray,
)
from tests.lab.simulator.winrm.winrm_stand import ACCOUNT

STATE = EnumType("Microsoft.HyperV.PowerShell.VMState", (("Running", 2), ("Off", 3)))
MACHINE = DotNetClass(
    name="Microsoft.HyperV.PowerShell.VirtualMachine",
    properties=(
        Property.stored("Name", "System.String"),
        Property.stored("State", STATE.name),
        Property.stored("Host", "System.Object"),
    ),
    text=lambda machine: f"VirtualMachine (Name = '{machine.fields['Name']}')",
)


class WritingEngine:
    """An engine whose only runspace writes what the test put there, and keeps the commands it was given."""

    def __init__(self):
        self.written = []
        self.commands = []

    def run(self, arguments, console):
        raise AssertionError("powershell.exe is not started here")

    def open_runspace(self):
        return self

    def invoke(self, commands, streams):
        self.commands.append(tuple(commands))
        for write in self.written:
            write(streams)

    def stop(self):
        raise AssertionError("this is not stopped")


@pytest.fixture
def engine():
    return WritingEngine()


@pytest.fixture
def pool(listener):
    wsman = WSMan(
        "127.0.0.1", port=listener.port, ssl=False, no_proxy=True, username="kunren", password=ACCOUNT.password
    )
    with wsman, RunspacePool(wsman) as opened:
        yield opened


def outputs(engine, pool, *written):
    engine.written = [lambda streams, value=value: streams.output(value) for value in written]
    return PowerShell(pool).add_script("write").invoke()


@pytest.mark.parametrize(
    ("value", "received"),
    [
        ("訓練 ＜&>", "訓練 ＜&>"),
        (True, True),
        (-7, -7),
        (Int64(2**40), 2**40),
        (Byte(255), 255),
        (1.5, 1.5),
        (decimal.Decimal("1.50"), "1.50"),  # pypsrp keeps a decimal as text
        (Guid("0" * 31 + "1"), uuid.UUID(int=1)),
        (TypedArray("System.String", ["a", "b"]), ["a", "b"]),
        ([1, [2, "x"]], [1, [2, "x"]]),
        (Hashtable([("Name", "Garoon"), ("Count", 2)]), {"Name": "Garoon", "Count": 2}),
    ],
)
def test_plain_values_arrive_as_what_they_are(engine, pool, value, received):
    assert outputs(engine, pool, value) == [received]


def test_an_object_arrives_with_its_type_text_and_properties(engine, pool):
    machine = DotNetObject(MACHINE, {"Name": "Garoon", "State": STATE.value("Running"), "Host": None})
    (received,) = outputs(engine, pool, machine)
    assert str(received) == "VirtualMachine (Name = 'Garoon')"
    assert received.types[0] == MACHINE.name
    assert received.extended_properties["Name"] == "Garoon"
    assert str(received.extended_properties["State"]) == "Running"


@pytest.mark.parametrize("seconds", [0, 3, 30, 90, 3600, 86_400])
def test_a_time_span_arrives_with_its_length(engine, pool, seconds):
    """psrpcore's own duration loses the last zero of 30 s."""
    (received,) = outputs(engine, pool, TimeSpan.of_seconds(seconds))
    assert received.extended_properties["TotalSeconds"] == seconds


@pytest.mark.parametrize(("kind", "written"), [(1, "2012-09-25T22:00:30Z"), (0, "2012-09-25T22:00:30")])
def test_a_date_arrives_with_its_kind(engine, pool, kind, written):
    moment = dt.datetime(2012, 9, 25, 22, 0, 30)  # noqa: DTZ001 - ticks have no zone
    ticks = (moment - dt.datetime(1, 1, 1)) // dt.timedelta(microseconds=1) * 10  # noqa: DTZ001 - as above
    (received,) = outputs(engine, pool, DateTime(ticks, kind))
    assert str(received) == written


def test_what_lies_too_deep_arrives_as_text(engine, pool):
    inner = DotNetObject(MACHINE, {"Name": "inner", "State": None, "Host": None})
    middle = DotNetObject(MACHINE, {"Name": "middle", "State": None, "Host": inner})
    outer = DotNetObject(MACHINE, {"Name": "outer", "State": None, "Host": middle})
    (received,) = outputs(engine, pool, outer)
    assert received.extended_properties["Host"].extended_properties["Host"] == "VirtualMachine (Name = 'inner')"


def test_a_custom_object_arrives_with_its_notes(engine, pool):
    (received,) = outputs(engine, pool, PSCustomObject({"Name": "Garoon", "Lag": 2}))
    assert dict(received.extended_properties) == {"Name": "Garoon", "Lag": 2}


def test_an_error_record_arrives_with_category_and_id(engine, pool):
    record = ErrorRecord.of("no such machine", "InvalidParameter", "InvalidArgument")
    engine.written = [lambda streams: streams.error(record)]
    pipeline = PowerShell(pool).add_script("write")
    pipeline.invoke()
    (error,) = pipeline.streams.error
    assert (str(error), error.fq_error, error.category) == ("no such machine", "InvalidParameter", 5)


def test_the_other_streams_arrive(engine, pool):
    moment = DateTime(634_842_144_000_000_000, 1)
    engine.written = [
        lambda streams: streams.verbose("v"),
        lambda streams: streams.debug("d"),
        lambda streams: streams.progress("copying", "half", 50),
        lambda streams: streams.information(InformationRecord("i", "script", moment, ("PSHOST",))),
    ]
    pipeline = PowerShell(pool).add_script("write")
    pipeline.invoke()
    assert [record.message for record in pipeline.streams.verbose] == ["v"]
    assert [record.message for record in pipeline.streams.debug] == ["d"]
    assert [(record.activity, record.percent_complete) for record in pipeline.streams.progress] == [("copying", 50)]
    (information,) = pipeline.streams.information
    assert (information.message_data, information.computer, information.tags) == ("i", "MASTER", ["PSHOST"])


def test_commands_come_with_their_parameters_statement_by_statement(engine, pool):
    pipeline = PowerShell(pool).add_cmdlet("Get-VM").add_parameters({"Name": ["a", "b"], "Count": 3})
    pipeline.add_cmdlet("Select-Object").add_argument("Name").add_statement().add_script("'second'")
    pipeline.invoke()
    first, second = engine.commands
    assert [(command.text, command.is_script, dict(command.parameters)) for command in first] == [
        ("Get-VM", False, {"Name": ["a", "b"], "Count": 3}),
        ("Select-Object", False, {None: "Name"}),
    ]
    assert [type(value) for _, value in first[0].parameters] == [list, int]
    assert [(command.text, command.is_script) for command in second] == [("'second'", True)]


LOOK_ALIKES = [
    "_x0041_",
    r"C:\_x000D_\訓練",
    "_xD83D_",
    "_x00G1_",
    "_X0041_",
    "a\x01b",
    "bell\x07",
    "line\r\nend",
    "訓練 😀 _x",
]


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_text_that_looks_encoded_or_holds_control_characters_arrives_as_it_is(engine, pool, text):
    shown = PSCustomObject([(text.replace("\x01", "").replace("\x07", ""), text)])
    record = ErrorRecord.of(text, text, category="NotSpecified")
    engine.written = [
        lambda streams: streams.output(text),
        lambda streams: streams.output(shown),
        lambda streams: streams.error(record),
        lambda streams: streams.warning(text),
    ]
    shell = PowerShell(pool).add_script("write")
    received = shell.invoke()
    assert received[0] == text
    assert str(received[1]) == Inspection(shown).text
    assert next(iter(received[1].extended_properties.values())) == text
    assert str(shell.streams.error[0]) == text
    assert shell.streams.error[0].exception.adapted_properties["Message"] == text
    assert shell.streams.warning[0].message == text


def test_a_property_name_with_a_control_character_leaves_the_answer_readable(engine, pool):
    (received,) = outputs(engine, pool, PSCustomObject([("a\x01b", 1)]))
    assert str(received) == "@{a\x01b=1}"


def test_an_error_that_ends_the_pipeline_keeps_its_text(engine, pool):
    def end(_):
        raise TerminatingError(ErrorRecord.of("_x0041_ \x01", "_x0041_"))

    engine.written = [end]
    shell = PowerShell(pool).add_script("write")
    shell.invoke()
    assert shell.had_errors
    assert [str(error) for error in shell.streams.error] == ["_x0041_ \x01"]


@pytest.mark.parametrize("unit", ["\uda00", "\uffff"])
def test_what_the_library_cannot_write_is_refused(unit):
    with pytest.raises(OutsideSubset, match="a lone surrogate or a noncharacter"):
        remote_value(unit)
