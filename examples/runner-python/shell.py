"""The tool: a command line."""

import codecs
import contextlib
import os
import signal
import subprocess
import tempfile

TOOL = {
    "name": "shell",
    "description": "Runs a command with /bin/sh in the workspace. Returns its output and its exit code.",
    "inputSchema": '{"type":"object","properties":{"command":{"type":"string"}},"required":["command"],"additionalProperties":false}',
}


def run(command, key, limits):
    """Runs a command. Returns what came of it: a record's kind, its content and how many bytes were cut."""
    passed = ["PATH", "LANG", "TZ", "TMPDIR", "AGENT_ATTEMPT", "AGENT_RUN", "AGENT_WORKSPACE"]
    passed += os.environ.get("AGENT_COMMAND_VARIABLES", "").split(",")
    environment = {name: os.environ[name] for name in passed if name in os.environ}
    workspace = os.environ.get("AGENT_WORKSPACE", "/workspace")
    environment |= {"HOME": workspace, **({"IDEMPOTENCY_KEY": key} if key else {})}
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                ["/bin/sh", "-c", command], cwd=workspace, env=environment, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True)
        except (OSError, ValueError) as error:
            return "ToolFailed", f"The command could not be started: {error}"
        kind = "ToolResult"
        try:
            process.wait(limits["stepTimeoutSeconds"])
        except subprocess.TimeoutExpired:
            kind = "ToolFailed"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # Also what it left in the background.
        process.wait()
        size, limit = output.seek(0, os.SEEK_END), limits["maxToolOutputBytes"]
        output.seek(0)
        text = codecs.getincrementaldecoder("utf-8")("replace").decode(output.read(limit), final=size <= limit)
    shown = text.encode()[:limit].decode("utf-8", "ignore")
    end = f"[exit code: {process.returncode}]" if kind == "ToolResult" else f"[killed: it ran longer than {limits['stepTimeoutSeconds']} s]"
    return kind, shown + ("" if shown.endswith("\n") or not shown else "\n") + end, max(size - len(shown.encode()), 0)
