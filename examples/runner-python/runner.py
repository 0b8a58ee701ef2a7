#!/usr/bin/env python3
"""An example of a runner, in Python 3.11 with nothing but the standard library. The protocol is in docs/protocol.md.

It has one tool, the shell. Everything else is complete: it goes on from the journal, asks for no answer twice, starts no
Irreversible command twice, and ends with the exit code and the report that the operator expects.
"""

import contextlib
import datetime
import json
import os
import signal
import ssl
import sys
import threading
import time

import shell
from gateway import Gateway, GatewayError, encode
from journal import Conversation, Exit, arguments_of, records_of


class Interrupted(Exception):
    """The alarm rang: the grace period after SIGTERM is nearly over, or the run's deadline has come."""


class Runner:
    def __init__(self):
        self.stopping, self.fatal, self.over = None, None, threading.Event()
        self.terms, self.deadline, self.grace_end = {}, None, None
        signal.signal(signal.SIGTERM, lambda *_: self.stop("SIGTERM"))
        signal.signal(signal.SIGALRM, self.ring)

    # One alarm interrupts whatever is under way: at the deadline, 5 s before the grace period ends, or at once. The next step sees why.

    def stop(self, why):
        if self.stopping is None:
            self.stopping, grace = why, int(os.environ.get("AGENT_GRACE_SECONDS", "30"))
            self.grace_end = time.monotonic() + max(grace - 5, 0.1)
            self.arm()

    def arm(self):
        left = [at - time.monotonic() for at in (self.deadline, self.grace_end) if at is not None]
        signal.setitimer(signal.ITIMER_REAL, min((seconds for seconds in left if seconds > 0), default=0))

    def is_overdue(self):
        return self.deadline is not None and time.monotonic() >= self.deadline

    def ring(self, *_):
        raise Interrupted

    def take_terms(self, terms):
        """The limits and the deadline, which may change. The gateway's clock says how much time is left."""
        if terms["generation"] >= self.terms.get("generation", 0):
            self.terms = terms
            ends, now = (datetime.datetime.fromisoformat(terms[name]) if terms.get(name) else None for name in ("deadline", "time"))
            self.deadline = time.monotonic() + (ends - now).total_seconds() if ends else None
            self.arm()

    def refresh_terms(self):
        """Limits may have been raised: ask before the run ends for one of them."""
        self.take_terms(json.loads(self.gateway.ask("GET", "/v1/run")[0]))

    def beat(self):
        while True:
            try:
                answer = json.loads(self.gateway.send("POST", "/v1/run/heartbeat", encode({"step": self.journal.steps}))[0])
                if answer.get("terms"):
                    self.take_terms(answer["terms"])
                if answer["directive"] == "Stop":
                    self.stop(answer.get("reason") or "the operator asked")
            except GatewayError as error:
                if error.code in ("StaleEpoch", "RunFinished"):
                    self.fatal = error
                    signal.setitimer(signal.ITIMER_REAL, 0.001)
                    return
            if self.over.wait(self.run["heartbeatSeconds"]):
                return

    def catch_up(self):
        """Reads what the journal holds beyond what is known. Returns whether there was anything."""
        start = self.journal.head
        while True:
            page = self.gateway.ask("GET", f"/v1/run/journal?after={self.journal.head}")[0]
            for record, source in records_of(page):
                self.journal.check(record, source)
            head = json.loads(page)["headSequence"]
            if self.journal.head >= head:
                return self.journal.head > start

    def catch_up_after(self, conflict):
        if conflict.code != "SequenceConflict":
            raise conflict
        if not self.catch_up():
            raise Exit(66, "JournalConflict", "The gateway reports records that the journal does not have.")

    def append(self, *records):
        """Commits records. False if another writer was first: then the next action is planned from what it wrote."""
        try:
            self.gateway.post("/v1/run/journal", {"expectedSequence": self.journal.head, "records": records})
        except GatewayError as error:
            self.catch_up_after(error)
            return False
        for record in records:
            self.journal.apply(record)
        return True

    def finish(self, code, outcome, reason, message, result=None):
        end = {"outcome": outcome, "reason": reason, "message": message, **({} if result is None else {"result": result})}
        while not self.journal.finished:
            try:
                self.gateway.post("/v1/run/result", {"expectedSequence": self.journal.head, "result": end})
                self.journal.finished = end
            except GatewayError as error:
                if error.code == "RecordTooLarge" and len(end.get("result", "")) > 256:
                    end["result"] = end["result"][:len(end["result"]) // 2]
                else:
                    self.catch_up_after(error)
        raise Exit(code, self.journal.finished["reason"], self.journal.finished.get("message") or "The run's end is committed.")

    def fail(self, code, reason, message):
        self.finish(code, "Failed", reason, message)

    def step(self):
        """Does the next thing. What it is follows from the journal alone."""
        journal, call = self.journal, self.journal.open_call()
        if self.fatal:
            raise self.fatal
        if journal.finished:
            raise Exit(0, journal.finished["reason"], "The run's end is committed.")
        if self.stopping:
            raise Exit(75, "Stopped", f"Stopped on request ({self.stopping}) after record {journal.head}.")
        if journal.answer and not journal.calls and journal.result() is not None:
            self.finish(0, "Succeeded", "Completed", "The agent gave its final answer.", journal.result())
        if self.is_overdue():
            self.refresh_terms()
            if self.is_overdue():
                self.fail(65, "DeadlineExceeded", "The run did not end before its deadline.")
        if call:
            self.do_call(call)
        elif journal.unusable > 1:
            filtered = journal.answer["finishReason"] == "content_filter"
            self.fail(0, "ContentFiltered" if filtered else "UnusableAnswer", "The model gave no usable answer, also when it was asked again.")
        elif journal.tools is None and journal.steps == 0 and self.run.get("tools"):
            effect = self.run["tools"][0]["effect"]
            self.append({"kind": "ToolsListed", "payload": {"tools": [{**shell.TOOL, "effect": effect}]}})
        elif journal.steps >= self.terms["limits"]["maxSteps"]:
            self.refresh_terms()
            if journal.steps >= self.terms["limits"]["maxSteps"]:
                self.fail(65, "BudgetExhausted", f"The run used all {journal.steps} steps of limits.maxSteps.")
        elif self.terms["limits"]["maxContextBytes"] != journal.limit:
            limit = self.terms["limits"]["maxContextBytes"]
            bound = limit if limit > journal.limit else min(limit, journal.bound)
            self.append({"kind": "ContextShortened", "payload": {"maxBytes": bound, "limit": limit}})
        else:
            self.call_model()

    def call_model(self):
        journal, body = self.journal, self.journal.request()
        if body == journal.refused:
            self.fail(0, "ContextTooLong", "The conversation is longer than the model's context, and nothing is left to shorten.")
        key = journal.model_key()
        try:
            content, headers = self.gateway.ask(
                "POST", "/v1/run/chat/completions", body,
                {"Idempotency-Key": key, "Agent-Expected-Sequence": str(journal.head)}, self.terms["limits"]["stepTimeoutSeconds"])
        except GatewayError as error:
            self.refused(error, body)
            return
        if int(headers["Agent-Sequence"]) == journal.head + 1:
            journal.apply({"kind": "ModelAnswer", "payload": json.loads(content)["agent_answer"]})
        else:
            self.catch_up()  # Another record came in between.

    def refused(self, error, body):
        """The gateway refused a model call for good."""
        rejected = {tool["name"] for tool in self.journal.offered()} & set(error.problem.get("rejectedTools") or [])
        if error.code == "ModelRejected" and rejected:
            left_out = [{"tool": name, "reason": "the provider rejects it"} for name in sorted(rejected)]
            self.append({"kind": "ToolsLeftOut", "payload": {"tools": left_out}})
        elif error.code == "ModelRejected":
            self.fail(77, "ModelRejected", "The provider rejects the request.")
        elif error.code == "ContextTooLong":
            bound = min(self.journal.bound, len(encode(self.journal.messages))) // 2
            payload = {"maxBytes": max(bound, 1), "limit": self.journal.limit, "refusal": "the provider refused the conversation as too long"}
            if self.append({"kind": "ContextShortened", "payload": payload}):
                self.journal.refused = body
        else:
            self.catch_up_after(error)

    def do_call(self, call):
        effects = {tool["name"]: tool["effect"] for tool in self.journal.offered()}
        arguments, finish = arguments_of(call), self.journal.answer["finishReason"]
        if call["intent"] == "Irreversible":
            self.commit(call, "ToolUnknown", "The call was in flight when its machine was lost. Whether it took effect is not known. "
                                             "It was not repeated.")
        elif call["name"] not in effects:
            self.commit(call, "ToolFailed", f"There is no tool of this name. The tools are: {', '.join(effects)}.")
        elif finish not in ("stop", "tool_calls"):
            self.commit(call, "ToolFailed", "This call was not run: the answer was cut, so its arguments may be incomplete.")
        elif arguments is None or not isinstance(arguments.get("command"), str):
            self.commit(call, "ToolFailed", "This call was not run: its arguments are not a JSON object with a text 'command'.")
        else:
            self.start_tool(call, effects[call["name"]], arguments["command"])

    def start_tool(self, call, effect, command):
        if effect != "Pure" and not call["intent"] and not self.commit_intent(call, effect):
            return
        self.commit(call, *shell.run(command, call["key"] if effect == "Keyed" else None, self.terms["limits"]))

    def commit_intent(self, call, effect):
        return self.append({"kind": "ToolIntent", "stepKey": call["key"], "callId": call["id"], "payload": {"tool": call["name"], "effect": effect}})

    def commit(self, call, kind, content, truncated=0):
        """Commits a call's outcome. It is shortened until the journal takes it."""
        while not call["done"]:
            try:
                self.append({"kind": kind, "stepKey": call["key"], "callId": call["id"],
                             "payload": {"tool": call["name"], "content": content, "truncatedBytes": truncated}})
            except GatewayError as error:
                if error.code != "RecordTooLarge" or len(content) <= 256:
                    raise
                content, cut = content[:len(content) // 2], content[len(content) // 2:]
                truncated += len(cut.encode())

    def work(self):
        try:
            self.gateway = Gateway()
        except (KeyError, ValueError, ssl.SSLError) as error:
            raise Exit(64, "InvalidEnvironment", f"An environment variable is missing or invalid: {error}") from error
        self.run = json.loads(self.gateway.ask("GET", "/v1/run")[0])
        if unknown := [tool["name"] for tool in self.run.get("tools", []) if tool["name"] != shell.TOOL["name"]]:
            raise Exit(64, "InvalidSpec", f"This runner has the tool shell only, and the spec asks for {', '.join(unknown)}.")
        self.journal = Conversation(self.run)
        self.take_terms(self.run)
        threading.Thread(target=self.beat, daemon=True).start()
        resumed = False
        while True:
            try:
                resumed = resumed or self.resume()
                self.step()
            except Interrupted:
                pass
            except GatewayError as error:
                if error.code == "BudgetExhausted":
                    self.fail(65, "BudgetExhausted", "The run used up its budget.")
                if error.code != "RecordRefused":
                    raise
                self.fail(0, "RecordRefused", "The journal refused a record for good.")

    def resume(self):
        self.catch_up()
        if self.journal.epoch > self.run["epoch"]:
            raise Exit(66, "StaleEpoch", "A newer attempt owns the run.")
        return True

    def main(self):
        """Runs the attempt. Returns how the process ends."""
        try:
            self.work()
        except Exit as end:
            return end
        except GatewayError as error:
            return exit_for(error)
        except Interrupted:
            return Exit(75, "Stopped", f"Stopped on request ({self.stopping}).")
        except Exception as error:  # A bug. Its text may hold anything, so only its type is reported.
            return Exit(71, "InternalError", f"Unexpected {type(error).__name__}.")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.over.set()


def exit_for(error):
    codes = {"RunFinished": (0, "RunFinished"), "StaleEpoch": (66, "StaleEpoch"), "JournalBroken": (66, "JournalBroken"),
             "NotARunner": (66, "NotARunner"), "Unauthorized": (66, "Unauthorized"), "ModelUnavailable": (69, "EndpointUnavailable"),
             "InternalError": (1, "GatewayError")}
    code, reason = codes.get(error.code, (69, "GatewayUnavailable") if error.is_transient else (1, "GatewayError"))
    return Exit(code, reason, str(error))


def report(end):
    """Writes the termination report: at most 4096 bytes, without prompts, keys and tokens."""
    print(f"exiting with code {end.code}: {end.reason}: {end}", flush=True)
    with contextlib.suppress(OSError), open(os.environ.get("AGENT_TERMINATION_LOG", "/dev/termination-log"), "wb") as file:
        file.write(encode({"reason": end.reason, "message": str(end)[:300]}))
    return end.code


if __name__ == "__main__":
    sys.exit(report(Runner().main()))
