"""`kunren` and `python -m kunren`."""

from __future__ import annotations

import os

try:
    from kunren.signals import STOPPED, begin, end, write_to_stderr

    begin()
except KeyboardInterrupt:
    os._exit(130)


def main() -> None:
    """Runs the command; whatever breaks, also while it is loaded, is one sentence and no code of a drill's."""
    try:
        import logging  # noqa: PLC0415  # it takes time, and so does the next: signals are heard meanwhile

        from kunren.cli import main as command  # noqa: PLC0415

        logging.getLogger().addHandler(logging.NullHandler())  # what libraries log is no sentence for an operator
        command()
    except KeyboardInterrupt:
        raise SystemExit(STOPPED) from None
    except Exception as error:  # noqa: BLE001
        sentence = f"kunren: Kunren itself failed ({type(error).__name__}: {error!a}).\n"
        write_to_stderr(sentence.encode("ascii", "backslashreplace"))
        raise SystemExit(70) from None
    finally:
        end()


if __name__ == "__main__":
    main()
