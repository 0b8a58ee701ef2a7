#!/usr/bin/env python3
"""The example runner with one mistake, which the conformance test must find. The name of the mistake is the argument."""

import datetime
import json
import pathlib
import secrets
import signal
import ssl
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "examples" / "runner-python"))

import gateway  # noqa: E402
import journal  # noqa: E402
import runner  # noqa: E402
import shell  # noqa: E402

Gateway, Conversation, Runner = gateway.Gateway, journal.Conversation, runner.Runner
MISTAKES = {}


def mistake(apply):
    MISTAKES[apply.__name__.replace("_", "-")] = apply
    return apply


def wrap(owner, name, around):
    """Replaces a function by one that gets the right one first."""
    right = getattr(owner, name)
    setattr(owner, name, lambda *arguments, **named: around(right, *arguments, **named))


@mistake
def token_read_once():
    tokens = []

    def token(right, self):
        tokens.append(right(self))
        return tokens[0]
    wrap(Gateway, "token", token)


@mistake
def any_certificate():
    def start(right, self):
        right(self)
        self.tls.check_hostname, self.tls.verify_mode = False, ssl.CERT_NONE
    wrap(Gateway, "__init__", start)


@mistake
def any_host():
    def start(right, self):
        right(self)
        self.tls.check_hostname = False
    wrap(Gateway, "__init__", start)


@mistake
def first_page_only():
    def catch_up(right, self):
        page = self.gateway.ask("GET", f"/v1/run/journal?after={self.journal.head}")[0]
        for record, source in runner.records_of(page):
            self.journal.check(record, source)
        return True
    wrap(Runner, "catch_up", catch_up)


@mistake
def hash_not_checked():
    def check(right, self, record, source):
        self.last_hash = None
        right(self, record, source)
    wrap(Conversation, "check", check)


@mistake
def unknown_kinds_skipped():
    def check(right, self, record, source):
        if record["kind"] in journal.KINDS or record["schemaVersion"] > journal.NEWEST_SCHEMA:
            right(self, record, source)
        else:
            self.head, self.last_hash = record["sequence"], None
    wrap(Conversation, "check", check)


@mistake
def divergence_ignored():
    def check(right, self, record, source):
        if record["kind"] == "ModelAnswer":
            record = {**record, "stepKey": self.model_key()}
        right(self, record, source)
    wrap(Conversation, "check", check)


@mistake
def never_retries():
    gateway.PATIENCE = gateway.MODEL_PATIENCE = -1e9


@mistake
def retry_after_ignored():
    def fail(right, self, status, problem, retry_after=None):
        right(self, status, {**problem, "retryAfterSeconds": None}, None)
    wrap(gateway.GatewayError, "__init__", fail)


@mistake
def new_key_on_retry():
    def send(right, self, method, path, body=None, headers=None, timeout=30):
        if headers and "Agent-Repeated" in headers:
            headers = {**headers, "Idempotency-Key": secrets.token_hex(32)}
        return right(self, method, path, body, headers, timeout)
    wrap(Gateway, "send", send)


@mistake
def repetition_not_said():
    def send(right, self, method, path, body=None, headers=None, timeout=30):
        return right(self, method, path, body, {name: value for name, value in (headers or {}).items() if name != "Agent-Repeated"}, timeout)
    wrap(Gateway, "send", send)


@mistake
def conflict_not_read():
    def catch_up_after(right, self, conflict):
        raise conflict
    wrap(Runner, "catch_up_after", catch_up_after)


@mistake
def stale_goes_on():
    def start(right, self, status, problem, retry_after=None):
        right(self, status, problem, retry_after)
        if self.code == "StaleEpoch":
            self.code, self.status = "", 500
    wrap(gateway.GatewayError, "__init__", start)
    gateway.PATIENCE = 2


@mistake
def intent_after_tool():
    def start_tool(right, self, call, effect, command):
        outcome = shell.run(command, call["key"] if effect == "Keyed" else None, self.terms["limits"])
        if effect == "Pure" or call["intent"] or self.commit_intent(call, effect):
            self.commit(call, *outcome)
    wrap(Runner, "start_tool", start_tool)


@mistake
def irreversible_repeated():
    def do_call(right, self, call):
        if call["intent"] == "Irreversible":
            call["intent"] = "Keyed"
        right(self, call)
    wrap(Runner, "do_call", do_call)


@mistake
def new_key_for_each_start():
    wrap(shell, "run", lambda right, command, key, limits: right(command, key and secrets.token_hex(32), limits))


@mistake
def one_heartbeat():
    def beat(right, self):
        self.over.set()
        right(self)
    wrap(Runner, "beat", beat)


@mistake
def stop_ignored():
    def stop(right, self, why):
        if why == "SIGTERM":
            right(self, why)
    wrap(Runner, "stop", stop)


@mistake
def sigterm_ignored():
    def start(right, self):
        right(self)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    wrap(Runner, "__init__", start)


@mistake
def steps_not_counted():
    def take_terms(right, self, terms):
        right(self, {**terms, "limits": {**terms["limits"], "maxSteps": 1000}})
    wrap(Runner, "take_terms", take_terms)


@mistake
def limits_not_asked_again():
    wrap(Runner, "refresh_terms", lambda right, self: None)


@mistake
def own_clock():
    def take_terms(right, self, terms):
        right(self, {**terms, "time": datetime.datetime.now(datetime.timezone.utc).isoformat()})
    wrap(Runner, "take_terms", take_terms)


@mistake
def cut_calls_run():
    def do_call(right, self, call):
        self.journal.answer = {**self.journal.answer, "finishReason": "tool_calls"}
        right(self, call)
    wrap(Runner, "do_call", do_call)


@mistake
def any_arguments_run():
    def arguments_of(right, call):
        return right(call) or {"command": json.loads(call["arguments"])[0]}
    wrap(journal, "arguments_of", arguments_of)
    runner.arguments_of = journal.arguments_of


@mistake
def output_not_cut():
    wrap(shell, "run", lambda right, command, key, limits: right(command, key, {**limits, "maxToolOutputBytes": 1 << 20}))


@mistake
def ascii_only():
    def run(right, command, key, limits):
        kind, content, truncated = right(command, key, limits)
        return kind, content.encode("ascii", "ignore").decode(), truncated
    wrap(shell, "run", run)


@mistake
def tells_the_task():
    def step(right, self):
        print("working on", self.run["task"], flush=True)
        right(self)
    wrap(Runner, "step", step)


@mistake
def long_report():
    def encode(right, message):
        return right({**message, "more": "x" * 5000} if isinstance(message, dict) and set(message) == {"reason", "message"} else message)
    wrap(runner, "encode", encode)


if __name__ == "__main__":
    MISTAKES[sys.argv[1]]()
    sys.exit(runner.report(Runner().main()))
