"""Runs a program on a terminal of 100 columns and answers what it asks."""
import re
import time

import pexpect

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07")


def run(argv, env, cwd, script, timeout=40):
    """Waits for each regex of `script` and sends its text. The transcript comes without control sequences."""
    child = pexpect.spawn(argv[0], argv[1:], env={**env, "TERM": "xterm"}, cwd=cwd, timeout=timeout, encoding="utf-8",
                          dimensions=(40, 100))
    said, wanted = [], None
    try:
        for wanted, answer in script:
            child.expect(wanted)
            said.append((child.before or "") + (child.after or ""))
            time.sleep(0.3)  # A menu may still be drawing itself when its title is there.
            child.send(answer)
        child.expect(pexpect.EOF)
        said.append(child.before or "")
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        before = child.before if isinstance(child.before, str) else ""
        said.append(f"{before}\n[[{type(error).__name__} waiting for {wanted!r}]]")
    child.close(force=True)
    status = child.exitstatus if child.exitstatus is not None else 128 + (child.signalstatus or 0)
    return status, CONTROL.sub("", "".join(said)).replace("\r", ""), ""
