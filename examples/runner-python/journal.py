"""The journal's records as a conversation with the model. Nothing here has an effect."""

import contextlib
import hashlib
import json
import re

from gateway import encode

GENESIS = "0" * 64
KINDS = {"RunStarted", "EpochClaimed", "ToolsListed", "ModelAnswer", "ModelCallsUnused", "ToolIntent", "ToolResult", "ToolFailed",
         "ToolUnknown", "ToolsLeftOut", "ContextShortened", "RunFinished"}
NEWEST_SCHEMA = 2
OUTCOMES = {"ToolResult", "ToolFailed", "ToolUnknown"}


class Exit(Exception):
    """The attempt is over: the exit code, and the termination report."""

    def __init__(self, code, reason, message):
        super().__init__(message)
        self.code, self.reason = code, reason


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def step_key(*parts):
    """SHA-256 of length-prefixed parts."""
    encoded = [part.encode() for part in parts]
    return sha256(b"".join(len(part).to_bytes(4, "big") + part for part in encoded))


def records_of(page):
    """The records of a page, each with its bytes: the hash chain covers exactly these."""
    text, decoder = page.decode(), json.JSONDecoder()
    at = re.search(r'"records"\s*:\s*\[\s*', text).end()
    while text[at] != "]":
        record, end = decoder.raw_decode(text, at)
        yield record, text[at:end].encode()
        at = re.compile(r"[\s,]*").match(text, end).end()


def arguments_of(call):
    """A call's arguments, or None if they are not a JSON object."""
    with contextlib.suppress(ValueError):
        arguments = json.loads(call["arguments"] or "{}")
        json.dumps(arguments, ensure_ascii=False).encode()  # Half of a surrogate pair is no text.
        return arguments if isinstance(arguments, dict) else None
    return None


class Conversation:
    """What the journal says. It is built from records only, so a resumed attempt sends what an uninterrupted one would."""

    def __init__(self, run):
        self.run, self.head, self.epoch, self.last_hash = run, 0, 0, GENESIS
        self.messages = [{"role": role, "content": text}
                         for role, text in (("system", run.get("instructions")), ("user", run["task"])) if text]
        self.tools, self.left_out, self.steps, self.finished = None, set(), 0, None
        self.answer, self.calls, self.unusable = None, {}, 0
        self.limit = self.bound = run["limits"]["maxContextBytes"]
        self.refused = None

    def check(self, record, source):
        """Whether a record from the journal may follow."""
        if record["schemaVersion"] > NEWEST_SCHEMA:
            raise Exit(66, "NewerRecord", f"Record {record['sequence']} is newer than this runner.")
        if record["kind"] not in KINDS or record["sequence"] != self.head + 1:
            raise Exit(66, "JournalBroken", f"Record {record['sequence']} ({record['kind']}) cannot follow record {self.head}.")
        # The bytes of this runner's own records are not known, so the record after them cannot be checked.
        if self.last_hash not in (None, record["prevHash"]):
            raise Exit(66, "JournalBroken", f"The prevHash of record {record['sequence']} is not the hash of the record before it.")
        expected = self.model_key() if record["kind"] == "ModelAnswer" else self.calls.get(record.get("callId"), {}).get("key")
        if record.get("stepKey") != expected:
            raise Exit(66, "Diverged", f"Record {record['sequence']} was made from other input.")
        self.apply(record)
        self.last_hash = sha256(source)

    def apply(self, record):
        kind, payload, call = record["kind"], record["payload"], self.calls.get(record.get("callId"))
        self.head, self.last_hash = self.head + 1, None
        if kind == "RunStarted":
            self.limit = self.bound = payload["spec"].get("limits", {}).get("maxContextBytes", self.bound)
        elif kind == "EpochClaimed":
            self.epoch = record["epoch"]
        elif kind == "ToolsListed":
            self.tools = payload["tools"]
        elif kind == "ToolsLeftOut":
            self.left_out |= {tool["tool"] for tool in payload["tools"]}
        elif kind == "ContextShortened":
            self.limit, self.bound = payload["limit"], payload["maxBytes"]
        elif kind == "ModelAnswer":
            self.answered(payload)
        elif kind == "ToolIntent":
            call["intent"] = payload["effect"]
        elif kind in OUTCOMES:
            call["done"] = True
            self.messages.append({"role": "tool", "tool_call_id": call["id"], "content": payload["content"]})
        elif kind == "RunFinished":
            self.finished = payload

    def answered(self, answer):
        self.steps, self.answer, self.refused, self.calls = self.steps + 1, answer, None, {}
        for index, call in enumerate(answer["toolCalls"]):
            number = 0
            while not call["id"] or call["id"] in self.calls:  # Some models repeat ids, or send none.
                call = {**call, "id": f"call_{self.steps}_{index}" + (f"_{number}" if number else "")}
                number += 1
            key = step_key(self.run["lineage"], "tool", str(self.head), call["id"])
            self.calls[call["id"]] = {**call, "key": key, "intent": None, "done": False}
        message = {"role": "assistant", "content": answer.get("text") or (None if self.calls else "(no text)")}
        if answer.get("reasoning"):
            message["reasoning_content"] = answer["reasoning"]
        if self.calls:
            message["tool_calls"] = [self.sent(call) for call in self.calls.values()]
        self.messages.append({**message, **(answer.get("extra") or {})})
        self.unusable = self.unusable + 1 if not self.calls and self.result() is None else 0
        if self.unusable:
            self.messages.append({"role": "user", "content": "Your last answer cannot be used. Give the final answer as text, or call a tool."})

    def sent(self, call):
        """A call as it goes back to the model. Providers refuse arguments that are no object, and odd names."""
        extra = dict(call.get("extra") or {})
        function = {"name": re.sub(r"[^A-Za-z0-9_-]", "_", call["name"]) or "_",
                    "arguments": "{}" if arguments_of(call) is None else call["arguments"] or "{}", **extra.pop("function", {})}
        return {"id": call["id"], "type": "function", **extra, "function": function}

    def result(self):
        """The final answer, or None if the last answer is none."""
        text = self.answer.get("text") or ""
        spoken = re.sub(r"\A\s*<think>.*?</think>\s*", "", text, flags=re.DOTALL)
        return spoken if self.answer["finishReason"] in ("stop", "length") and spoken.strip() else None

    def open_call(self):
        return next((call for call in self.calls.values() if not call["done"]), None)

    def offered(self):
        return [tool for tool in self.tools or [] if tool["name"] not in self.left_out]

    def request(self):
        """The next request to the model. What is over the bound is cut from the oldest results."""
        messages, excess = list(self.messages), len(encode(self.messages)) - self.bound
        for index, message in enumerate(messages):
            if excess > 0 and message["role"] == "tool" and len(message["content"]) > 100:
                stub = f"[left out: a result of {len(message['content'])} characters]"
                excess -= len(message["content"]) - len(stub)
                messages[index] = {**message, "content": stub}
        request = {"model": self.run["model"]["name"], "messages": messages}
        if self.run["model"].get("maxOutputTokens"):
            request["max_completion_tokens"] = self.run["model"]["maxOutputTokens"]
        if self.offered():
            request["tools"] = [{"type": "function", "function": {
                "name": tool["name"], "description": tool["description"], "parameters": json.loads(tool["inputSchema"])}}
                for tool in self.offered()]
        return encode(request)

    def model_key(self):
        return step_key(self.run["lineage"], "model", sha256(self.request()), str(self.steps + 1))
