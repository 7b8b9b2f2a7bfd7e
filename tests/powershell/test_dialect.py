"""Windows PowerShell 5.1 and 4.0: what they refuse, what they lack, and where their texts differ from version 7's."""

from __future__ import annotations

import pytest

from powershell.dialect import Dialect
from powershell.engine import PipelineCommand, TerminatingError
from powershell.host import PowerShell
from powershell.parser import parse
from powershell.syntax import ParseError
from tests.powershell.engine_under_test import CollectedStreams, StoppedClock

WINDOWS_5_1 = "5.1.14393.206"
WINDOWS_4_0 = "4.0"
REFUSED = (
    "'x' | ConvertFrom-Json",
    "$null | ConvertTo-Json",
    "1 | ConvertTo-Json -Depth 0",
    "'a' -replace 'a', { 'b' }",
    "'a,b' -split ',', -2",
    "'a'..'c'",
    "@{ a = 1 } | Select-Object a",
    "$null.Where({ $true })",
    "[pscustomobject]@{ a = 'x' * 80 } | Format-List | Out-String",
)
WINDOWS = pytest.mark.parametrize("version", [WINDOWS_5_1, WINDOWS_4_0])


def run(script, version=WINDOWS_5_1):
    """The streams of one script; what ended it is the last of the errors."""
    runspace = PowerShell((), StoppedClock(), "HV1", version=version).open_runspace()
    streams = CollectedStreams()
    try:
        runspace.invoke([PipelineCommand(script, is_script=True)], streams)
    except TerminatingError as error:
        streams.errors.append(error.record)
    return streams


def values(script, version=WINDOWS_5_1):
    streams = run(script, version)
    assert [record.message for record in streams.errors] == []
    return streams.values


def error(script, version=WINDOWS_5_1):
    (record,) = run(script, version).errors
    return record


def test_a_version_has_its_dialect():
    assert Dialect.of_version(WINDOWS_5_1) is Dialect.WINDOWS_POWERSHELL_5_1
    assert Dialect.of_version("4.0") is Dialect.WINDOWS_POWERSHELL_4_0
    assert Dialect.of_version("7.6.5") is Dialect.POWERSHELL_7
    with pytest.raises(ValueError, match=r"There is no dialect for PowerShell 3\.0"):
        Dialect.of_version("3.0")


class TestSyntax:
    @WINDOWS
    @pytest.mark.parametrize(
        ("script", "error_id", "said"),
        [
            ("$a ?? 1", "UnexpectedToken", "Unexpected token '??' in expression or statement."),
            ("$a ??= 1", "UnexpectedToken", "Unexpected token '??=' in expression or statement."),
            ("$x ? 1 : 2", "UnexpectedToken", "Unexpected token '?' in expression or statement."),
            ("${x}?.Name", "UnexpectedToken", "Unexpected token '?.Name' in expression or statement."),
            ("a && b", "InvalidEndOfLine", "The token '&&' is not a valid statement separator in this version."),
            ("a || b", "InvalidEndOfLine", "The token '||' is not a valid statement separator in this version."),
            ("Get-Date\n| Out-String", "EmptyPipeElement", "An empty pipe element is not allowed."),
            ("Get-Date &", "AmpersandNotAllowed", "The ampersand (&) character is not allowed."),
        ],
    )
    def test_what_came_with_version_7_does_not_parse(self, script, error_id, said, version):
        record = error(script, version)
        assert record.error_id == error_id
        assert said in record.message
        assert error_id not in [record.error_id for record in run(script, "7.6.5").errors]

    def test_every_fault_is_told_as_a_5_1_told_it(self):
        """github.com/formulahendry/vscode-code-runner/issues/491, from a Windows PowerShell."""
        with pytest.raises(ParseError) as caught:
            parse('gcc test.c -o test && "c:\\test\\"test', Dialect.WINDOWS_POWERSHELL_5_1)
        assert [fault.message for fault in caught.value.faults] == [
            "The token '&&' is not a valid statement separator in this version.",
            "Expressions are only allowed as the first element of a pipeline.",
            "Unexpected token 'test' in expression or statement.",
        ]

    def test_a_long_line_is_cut_with_three_dots(self):
        """github.com/winfsp/sshfs-win/issues/423, from a 5.1.19041."""
        line = 'winget install -h -e --id "WinFsp.WinFsp" && winget install -h -e --id "SSHFS-Win.SSHFS-Win"'
        assert error(line).message.split("\n") == [
            "At line:1 char:43",
            '+ winget install -h -e --id "WinFsp.WinFsp" && winget install -h -e --i ...',
            "+                                           ~~",
            "The token '&&' is not a valid statement separator in this version.",
        ]

    def test_escapes_and_numbers_of_later_versions_are_plain_text(self):
        assert values('"`e`u{41}"') == ["eu{41}"]
        assert error("10u").error_id == "CommandNotFoundException"
        assert error("0b11").error_id == "CommandNotFoundException"
        assert values("10l; 1kb; 0x10") == [10, 1024, 16]

    def test_a_question_mark_belongs_to_a_variables_name(self):
        assert values("$x? = [pscustomobject]@{ Name = 1 }; $x?.Name") == [1]


class TestCommands:
    @WINDOWS
    @pytest.mark.parametrize("name", ["Join-String", "Get-Error", "Test-Json", "Get-Uptime", "ConvertFrom-Markdown"])
    def test_a_command_of_version_7_is_unknown(self, name, version):
        record = error(name, version)
        assert record.fully_qualified_id == "CommandNotFoundException"
        assert record.message == (
            f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
            "Check the spelling of the name, or if a path was included, verify that the path is correct and try again."
        )

    def test_a_command_of_5_0_is_unknown_to_4_0(self):
        assert error("New-Guid", WINDOWS_4_0).error_id == "CommandNotFoundException"
        assert error("Write-Information x", WINDOWS_4_0).error_id == "CommandNotFoundException"
        assert len(values("New-Guid")) == 1

    @WINDOWS
    @pytest.mark.parametrize(
        "script",
        [
            "Get-Date -AsUTC",
            "'{}' | ConvertFrom-Json -AsHashtable",
            "'[]' | ConvertFrom-Json -NoEnumerate",
            "1 | ConvertTo-Json -AsArray",
            "1 | Sort-Object -Stable",
            "1, 2 | Sort-Object -Top 1",
            "1 | Select-Object -SkipIndex 0",
            "Start-Sleep -Duration 1",
            "1 | Measure-Object -AllStats",
            "Get-Date -ProgressAction Ignore",
        ],
    )
    def test_a_parameter_of_version_7_is_unknown(self, script, version):
        name = script.rsplit(" -", 1)[1].split()[0]
        record = error(script, version)
        assert record.error_id == "NamedParameterNotFound"
        assert record.message == f"A parameter cannot be found that matches parameter name '{name}'."

    def test_measure_object_tells_no_standard_deviation(self):
        told = ["Count", "Average", "Sum", "Maximum", "Minimum", "Property"]
        assert values("(1, 2 | Measure-Object -Sum).PSObject.Properties | ForEach-Object { $_.Name }") == told

    @pytest.mark.parametrize(
        ("script", "told"),
        [  # printed by a Windows PowerShell 5.1: PowerShell/PowerShell#20596, a public article on stable sorting
            ("1..9 | Sort-Object { 1 }", "7 6 9 8 5 2 1 4 3"),
            ("1..20 | Sort-Object -Property { $_ % 3 }", "9 6 12 15 3 18 19 16 13 10 4 1 7 20 17 2 8 11 5 14"),
        ],
    )
    def test_equal_objects_change_places_when_they_are_sorted(self, script, told):
        assert values(script) == [int(each) for each in told.split()]

    def test_groups_come_in_the_order_of_their_first_objects(self):
        assert values("'b', 'a', 'B', 'c' | Group-Object | ForEach-Object Name") == ["b", "a", "c"]
        assert values("'b', 'a', 'B', 'c' | Group-Object | ForEach-Object Name", "7.6.5") == ["a", "b", "c"]

    def test_csv_begins_with_the_type(self):
        script = "[pscustomobject]@{ a = 1 } | Select-Object a | ConvertTo-Csv"
        assert values(script) == ["#TYPE Selected.System.Management.Automation.PSCustomObject", '"a"', '"1"']
        assert values(f"{script} -NoTypeInformation") == ['"a"', '"1"']

    def test_it_sleeps_whole_seconds(self):
        assert values("$begun = Get-Date; Start-Sleep 0.5; Start-Sleep 1.5; ((Get-Date) - $begun).TotalSeconds") == [2]

    def test_for_each_object_knows_no_parallel(self):
        assert "-Parallel as one of the remaining arguments" in error("1 | ForEach-Object -Parallel { $_ }").message

    def test_information_is_a_common_parameter_since_5_0(self):
        assert values("Get-Date -InformationAction Ignore")
        assert error("Get-Date -InformationAction Ignore", WINDOWS_4_0).error_id == "NamedParameterNotFound"


class TestState:
    def test_a_group_counts_as_a_success(self):
        script = "(Write-Error a); $?; $x = $(Write-Error a); $?; $x = @(Write-Error a); $?; $x = Write-Error a; $?"
        assert run(script).values == [True, True, True, False]
        assert run(script, "7.6.5").values == [False, False, False, False]

    def test_a_custom_object_has_no_count(self):
        assert values("$null -eq ([pscustomobject]@{ a = 1 }).Count; (Get-Date).Count") == [True, 1]
        assert values("([pscustomobject]@{ a = 1 }).Count", "7.6.5") == [1]
        assert error("([pscustomobject]@{ a = 1 }).Where({ $true })").error_id == "MethodNotFound"

    def test_an_empty_text_removes_an_environment_variable(self):
        script = "$env:KIND = 'lab'; $env:KIND; $env:KIND = ''; $null -eq $env:KIND"
        assert values(script) == ["lab", True]
        assert values(script, "7.6.5") == ["lab", False]

    def test_a_date_moves_by_whole_milliseconds(self):
        script = "$d = [datetime]'2026-01-01'; ($d.AddSeconds(0.0004) - $d).Ticks; ($d.AddSeconds(-0.0006) - $d).Ticks"
        assert values(script) == [0, -10000]
        assert values(script, "7.6.5") == [4000, -6000]


class TestVersion:
    def test_the_version_table_is_a_5_1s(self):
        assert values("$PSVersionTable | Out-String -Stream | Where-Object { $_ } | Select-Object -Skip 2") == [
            "PSVersion                      5.1.14393.206",
            "PSEdition                      Desktop",
            "PSCompatibleVersions           {1.0, 2.0, 3.0, 4.0...}",
            "BuildVersion                   10.0.14393.206",
            "CLRVersion                     4.0.30319.42000",
            "WSManStackVersion              3.0",
            "PSRemotingProtocolVersion      2.3",
            "SerializationVersion           1.1.0.1",
        ]

    def test_the_version_table_of_4_0_names_no_edition(self):
        assert values('"$($PSVersionTable.PSVersion)"; $PSVersionTable.ContainsKey("PSEdition")', WINDOWS_4_0) == [
            "4.0",
            False,
        ]
        assert values("$null -eq $PSEdition", WINDOWS_4_0) == [True]
        assert values("$PSEdition") == ["Desktop"]

    @WINDOWS
    def test_variables_of_version_7_are_not_there(self, version):
        assert values("$null -eq $IsWindows; $null -eq $IsCoreCLR; $null -eq $PSStyle", version) == [True] * 3


class TestJson:
    def test_it_is_laid_out_by_columns_and_html_is_escaped(self):
        script = """[pscustomobject]@{ a = "it's <b> & c"; b = [pscustomobject]@{ c = 1, @{ d = 2.0; }; e = @() } } |
            ConvertTo-Json -Depth 4"""
        assert values(script)[0].split("\r\n") == [
            "{",
            '    "a":  "it\\u0027s \\u003cb\\u003e \\u0026 c",',
            '    "b":  {',
            '              "c":  [',
            "                        1,",
            "                        {",
            '                            "d":  2',
            "                        }",
            "                    ],",
            '              "e":  [',
            "",
            "                    ]",
            "          }",
            "}",
        ]

    def test_a_date_is_a_call_and_one_of_get_date_has_its_properties(self):
        assert values("@{ d = [datetime]'2020-01-01' } | ConvertTo-Json -Compress") == [
            '{"d":"\\/Date(1577836800000)\\/"}'
        ]
        (text,) = values("@{ d = Get-Date } | ConvertTo-Json -Compress")
        shown = "Monday, November 23, 2026 9:00:00 AM"
        assert text == f'{{"d":{{"value":"\\/Date(1795424400000)\\/","DisplayHint":2,"DateTime":"{shown}"}}}}'

    def test_nothing_is_said_of_depth(self):
        streams = run("@{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Compress")
        assert streams.warnings == []
        assert streams.values == ['{"a":{"b":{"c":"System.Collections.Hashtable"}}}']

    def test_numbers_are_read_into_the_smallest_type(self):
        script = """$found = '{"a": 1, "b": 3000000000, "c": 1.5, "d": 1e3}' | ConvertFrom-Json
            $found.a, $found.b, $found.c, $found.d | ForEach-Object { $_.GetType().Name }"""
        assert values(script) == ["Int32", "Int64", "Decimal", "Double"]

    def test_only_an_escaped_call_is_read_as_a_date(self):
        script = r"""$found = '{"a": "2020-01-01T00:00:00Z", "b": "\/Date(1577836800000)\/", "c": "/Date(1)/"}'
            $found = $found | ConvertFrom-Json
            $found.a, $found.b, $found.c | ForEach-Object { $_.GetType().Name }"""
        assert values(script) == ["String", "DateTime", "String"]

    def test_an_array_is_read_as_one_object(self):
        assert values("('[1, 2, 3]' | ConvertFrom-Json | Measure-Object).Count") == [1]

    @pytest.mark.parametrize("script", REFUSED)
    def test_what_is_not_known_of_5_1_is_refused(self, script):
        assert error(script).error_id == "OutsideSubset"


class TestTexts:
    def test_numbers_have_fifteen_digits_and_the_formats_of_windows(self):
        assert values('"{0:P0}" -f 0.5; "{0:P}" -f -0.123; "{0:N}" -f 1234.567; "{0:0.00}" -f -0.001') == [
            "50 %",
            "-12.30 %",
            "1,234.57",
            "0.00",
        ]
        assert values(
            "(0.1 + 0.2).ToString(); (1 / 3).ToString(); (2.675).ToString('F2'); 0.1 + 0.2 | ConvertTo-Json"
        ) == [
            "0.3",
            "0.333333333333333",
            "2.68",
            "0.30000000000000004",
        ]

    def test_a_hashtable_shows_its_keys_and_its_entries_no_text(self):
        text = values("[pscustomobject]@{ Hash = [ordered]@{ a = 1; b = 2 } } | Format-List | Out-String")[0]
        assert text.strip() == "Hash : {a, b}"
        told = [str(record.data.message) for record in run("Write-Host @{ a = 1 }").informations]
        assert told == ["System.Collections.DictionaryEntry"]

    def test_a_number_in_a_table_is_not_rounded(self):
        assert "1.23456" in values("[pscustomobject]@{ a = 1.23456 } | Format-Table | Out-String")[0]

    def test_cut_text_and_lists_end_with_three_dots(self):
        text = values("[pscustomobject]@{ b = 1..9; a = 'x' * 100 } | Format-Table | Out-String -Width 60")[0]
        assert "{1, 2, 3, 4...}" in text
        assert "xxx..." in text

    def test_before_am_stands_a_blank(self):
        assert values("(Get-Date).ToString('t')") == ["9:00 AM"]

    def test_an_error_has_its_category_and_id_indented_and_a_last_line(self):
        text = values("try { Get-Nothing } catch { $_ | Out-String -Width 300 }")[0]
        assert text.startswith("Get-Nothing : The term 'Get-Nothing' is not recognized as the name of a cmdlet, ")
        assert text.split("\n")[1:7] == [
            "At line:1 char:7",
            "+ try { Get-Nothing } catch { $_ | Out-String -Width 300 }",
            "+       ~~~~~~~~~~~",
            "    + CategoryInfo          : ObjectNotFound: (Get-Nothing:String) [], CommandNotFoundException",
            "    + FullyQualifiedErrorId : CommandNotFoundException",
            " ",
        ]


class TestFramework:
    def test_new_came_with_5_0_and_semantic_versions_with_6(self):
        assert values("[System.Text.UTF8Encoding]::new().GetBytes('a')") == [97]
        assert error("[System.Text.UTF8Encoding]::new()", WINDOWS_4_0).message == (
            "Method invocation failed because [System.Text.UTF8Encoding] does not contain a method named 'new'."
        )
        assert error("[semver]'1.2.3'").message == "Unable to find type [semver]."

    def test_its_errors_have_its_words(self):
        assert error("[int]'abc'").message == (
            'Cannot convert value "abc" to type "System.Int32". Error: "Input string was not in a correct format."'
        )
        assert "\r\nParameter name: " in error("'abc'.Substring(5)").message
        unknown = "The string was not recognized as a valid DateTime. There is an unknown word starting at index 0."
        assert unknown in error("[datetime]'soon'").message
        assert '"String was not recognized as a valid DateTime."' in error("[datetime]'?'").message
        assert "Key cannot be null.\r\nParameter name: key" in error("@{}.Add($null, 1)").message
        assert error("[guid]'x'").error_id == "OutsideSubset"

    def test_split_takes_a_string_for_its_characters(self):
        assert values("'a--b'.Split('--')") == ["a", "", "b"]
        assert values("'a--b'.Split('--')", "7.6.5") == ["a", "b"]

    @pytest.mark.parametrize(
        "script",
        ["[datetime]::UnixEpoch", "(Get-Date).Microsecond", "[Convert]::ToHexString(1)", "'a'.Contains('A', 4)"],
    )
    def test_a_member_that_came_later_is_refused(self, script):
        assert error(script).error_id == "OutsideSubset"
