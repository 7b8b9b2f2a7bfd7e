"""pywinrm against the listener: logins, sealing, shells, text both ways, and what the host forbids."""

from __future__ import annotations

import os
import re
import threading

import pytest
import requests
from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMTransportError

from lab.simulator.winrm.authentication import Account
from tests.lab.simulator.winrm.winrm_stand import ACCOUNT, ASCII_ACCOUNT, encoded, protocol, session


def test_run_ps_over_sealed_ntlm_brings_output_errors_and_exit_code(listener):
    response = session(listener).run_ps("say hello;complain oh no;exit 3")
    assert (response.std_out, response.std_err, response.status_code) == (b"hello\n", b"oh no\n", 3)


def test_run_cmd_passes_arguments_on_one_line(listener):
    response = session(listener).run_cmd("echo", ["one", "two"])
    assert (response.std_out, response.status_code) == (b"one two\r\n", 0)


def test_basic_over_a_listener_that_allows_it(opened):
    host = opened(account=ASCII_ACCOUNT, allow_unencrypted=True)
    response = session(host, ASCII_ACCOUNT, transport="basic", message_encryption="auto").run_ps("say plain")
    assert response.std_out == b"plain\n"


def test_basic_with_a_wrong_password_is_refused(opened):
    host = opened(account=ASCII_ACCOUNT, allow_unencrypted=True)
    wrong = Account(ASCII_ACCOUNT.user, "guess")
    with pytest.raises(InvalidCredentialsError):
        session(host, wrong, transport="basic", message_encryption="auto").run_ps("say no")


def test_basic_is_not_offered_by_a_host_that_wants_encryption(opened):
    host = opened(account=ASCII_ACCOUNT)
    with pytest.raises(InvalidCredentialsError):
        session(host, ASCII_ACCOUNT, transport="basic", message_encryption="auto").run_ps("say no")


def test_unsealed_ntlm_is_refused_by_a_host_that_wants_encryption(listener, engine):
    with pytest.raises(WinRMTransportError, match="500"):
        session(listener, message_encryption="never").run_ps("say no")
    assert engine.ran == []


def test_unsealed_ntlm_is_taken_where_it_is_allowed(opened):
    host = opened(allow_unencrypted=True)
    assert session(host, message_encryption="never").run_ps("say yes").std_out == b"yes\n"


@pytest.mark.parametrize(("user", "password"), [("kunren", "wrong"), ("somebody", ACCOUNT.password), ("kunren", "")])
def test_a_wrong_login_is_refused(listener, engine, user, password):
    with pytest.raises(InvalidCredentialsError):
        session(listener, Account(user, password)).run_ps("say no")
    assert engine.ran == []


@pytest.mark.parametrize("written", ["kunren", "KUNREN", "MASTER\\kunren", ".\\kunren"])
def test_a_local_account_may_be_written_with_and_without_its_host(listener, written):
    assert session(listener, Account(written, ACCOUNT.password)).run_cmd("hostname").std_out == b"MASTER\r\n"


def test_a_domain_account_is_known_by_its_domain_only(opened):
    host = opened(account=Account("KUNREN\\svc-rha", "pw"))
    assert session(host, Account("KUNREN\\svc-rha", "pw")).run_cmd("whoami").std_out == b"kunren\\svc-rha\r\n"
    with pytest.raises(InvalidCredentialsError):
        session(host, Account("svc-rha", "pw")).run_cmd("whoami")


def test_two_hosts_keep_their_accounts_apart_even_under_one_user_name(opened):
    master = opened("MASTER", Account("kunren", "first"))
    replica = opened("REPLICA", Account("kunren", "second"))
    assert session(master, Account("kunren", "first")).run_cmd("hostname").std_out == b"MASTER\r\n"
    assert session(replica, Account("kunren", "second")).run_cmd("hostname").std_out == b"REPLICA\r\n"
    with pytest.raises(InvalidCredentialsError):
        session(replica, Account("kunren", "first")).run_cmd("hostname")


def test_the_account_file_is_private_and_gone_after_closing(opened, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("NTLM_USER_FILE", raising=False)
    host = opened()
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    session(host).run_cmd("hostname")
    assert os.environ["NTLM_USER_FILE"] == ""
    host.close()
    assert list(tmp_path.iterdir()) == []


def test_the_password_is_not_in_the_account_s_text():
    assert "drill-Pa55" not in repr(ASCII_ACCOUNT)


def test_proxy_variables_do_not_matter(listener, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert session(listener).run_cmd("hostname").std_out == b"MASTER\r\n"


def test_a_kept_shell_runs_command_after_command(listener):
    client = protocol(listener)
    shell = client.open_shell(codepage=65001)
    for text in ("one", "訓練", "three"):
        command = client.run_command(shell, "powershell", ["-EncodedCommand", encoded(f"say {text}")])
        output, errors, code = client.get_command_output(shell, command)
        client.cleanup_command(shell, command)
        assert (output.decode(), errors, code) == (f"{text}\n", b"", 0)
    client.close_shell(shell)


def test_japanese_goes_both_ways_in_code_page_65001(listener):
    client = protocol(listener)
    shell = client.open_shell(codepage=65001)
    command = client.run_command(shell, "powershell", ["-Command", "echo"])
    client.send_command_input(shell, command, "日本語\r\nもう一行\r\n".encode(), end=True)
    assert client.get_command_output(shell, command)[0].decode() == "<日本語>\n<もう一行>\n"


@pytest.mark.parametrize(("code_page", "expected"), [(437, b"??\n"), (932, "訓練\n".encode("cp932"))])
def test_a_shell_writes_in_its_own_code_page(listener, code_page, expected):
    client = protocol(listener)
    shell = client.open_shell(codepage=code_page)
    command = client.run_command(shell, "powershell", ["-EncodedCommand", encoded("say 訓練")])
    assert client.get_command_output(shell, command)[0] == expected


def test_a_process_may_change_its_code_page(listener):
    assert session(listener).run_ps("utf8;say 訓練").std_out.decode() == "訓練\n"


def test_an_unknown_code_page_is_a_fault(listener):
    with pytest.raises(WinRMError, match="options are not valid"):
        protocol(listener).open_shell(codepage=37)


def test_a_megabyte_arrives_whole_though_it_is_cut_inside_characters(listener):
    client = protocol(listener)
    shell = client.open_shell(codepage=65001)
    command = client.run_command(shell, "powershell", ["-Command", "flood 800000"])
    pieces, done = [], False
    while not done:
        output, _, _, done = client.get_command_output_raw(shell, command)
        pieces.append(output)
    whole = b"".join(pieces)
    assert len(whole) > 1_000_000
    assert whole.decode() == ("訓練 drills " * 80_001)[:800_000]
    assert len(pieces) > 5
    assert any(_cut_inside_a_character(piece) for piece in pieces[:-1])


def _cut_inside_a_character(piece: bytes) -> bool:
    try:
        piece.decode()
    except UnicodeDecodeError as error:
        return error.end == len(piece)
    return False


def test_environment_variables_of_the_shell_reach_its_commands(listener):
    client = protocol(listener)
    shell = client.open_shell(env_vars={"DRILL": "four"})
    command = client.run_command(shell, "echo", ["%DRILL%", "%COMPUTERNAME%", "%NOBODY%"])
    assert client.get_command_output(shell, command)[0] == b"four MASTER %NOBODY%\r\n"


def test_cmd_refuses_a_line_beyond_its_limit_and_takes_one_below(listener):
    client = session(listener)
    long = client.run_cmd("echo", ["x" * 8187])
    assert (long.status_code, long.std_err) == (1, b"The command line is too long.\r\n")
    assert client.run_cmd("echo", ["x" * 8186]).std_out == b"x" * 8186 + b"\r\n"


def test_without_cmd_the_line_may_be_longer(listener):
    client = protocol(listener)
    shell = client.open_shell()
    script = encoded("say " + "x" * 10_000)
    command = client.run_command(shell, "powershell.exe", ["-EncodedCommand", script], skip_cmd_shell=True)
    assert len(client.get_command_output(shell, command)[0]) == 10_001


def test_two_connections_are_served_at_once(listener):
    first, second = protocol(listener), protocol(listener)
    shells = [client.open_shell() for client in (first, second)]
    commands = [
        client.run_command(shell, "powershell", ["-Command", "echo"])
        for client, shell in zip((first, second), shells, strict=True)
    ]
    for client, shell, command, text in zip((second, first), shells[::-1], commands[::-1], (b"2", b"1"), strict=True):
        client.send_command_input(shell, command, text + b"\n", end=True)
        assert client.get_command_output(shell, command)[0] == b"<" + text + b">\n"


def test_many_clients_at_once_each_get_their_own_answer(listener):
    answers: dict[int, bytes] = {}

    def ask(number: int) -> None:
        answers[number] = session(listener).run_ps(f"say {number}").std_out

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: b"%d\n" % number for number in range(6)}


def test_a_closed_host_refuses_and_is_there_again_under_its_port(listener):
    client = session(listener)
    assert client.run_cmd("hostname").status_code == 0
    before = listener.url
    listener.suspend()
    with pytest.raises(requests.exceptions.ConnectionError, match=re.escape("Connection refused")):
        session(listener).run_cmd("hostname")
    listener.open()
    assert listener.url == before
    assert session(listener).run_cmd("hostname").std_out == b"MASTER\r\n"


def test_a_shell_does_not_survive_its_host(listener):
    client = protocol(listener)
    shell = client.open_shell()
    listener.close()
    listener.open()
    with pytest.raises((WinRMTransportError, requests.exceptions.ConnectionError)):
        client.run_command(shell, "hostname")
    client.transport.close_session()
    with pytest.raises(WinRMError, match="invalid selectors"):
        client.run_command(shell, "hostname")


def test_a_body_sealed_for_another_connection_is_answered_with_400(listener):
    """What pywinrm runs into when its connection was cut: it logs in again and sends the old body."""
    client = protocol(listener)
    client.open_shell()
    listener.close()
    listener.open()
    with pytest.raises(WinRMTransportError, match="400"):
        client.open_shell()
    client.transport.close_session()
    assert client.open_shell()
