"""Requests to the gateway: token, CA, retries."""

import http.client
import json
import os
import random
import ssl
import time
import urllib.parse

PATIENCE, MODEL_PATIENCE = 120, 45  # How many seconds an outage is waited out.


class GatewayError(Exception):
    """The gateway refused a request. Status 0 means that there was no answer."""

    def __init__(self, status, problem, retry_after=None):
        super().__init__(problem.get("detail") or f"The gateway answered with status {status}.")
        self.status, self.problem, self.code = status, problem, problem.get("code") or ""
        self.retry_after = problem.get("retryAfterSeconds", retry_after)

    @property
    def is_transient(self):
        """For a code that this runner does not know, the status decides."""
        return self.code != "JournalBroken" and (
            self.code == "CallInProgress" or self.status in (0, 401, 408, 425, 429) or self.status >= 500)


class Gateway:
    """Requests to the gateway. It has a connection for each, so any thread may use it."""

    def __init__(self):
        url = urllib.parse.urlsplit(os.environ["AGENT_GATEWAY_URL"])
        self.host, self.port = url.hostname, url.port or 443
        # Trusts this authority only, and verifies the host's name.
        self.tls = ssl.create_default_context(cadata=os.environ["AGENT_GATEWAY_CA"])

    def token(self):
        """The kubelet replaces the file while the pod runs."""
        with open(os.environ["AGENT_TOKEN_FILE"], encoding="ascii") as file:
            return file.read().strip()

    def send(self, method, path, body=None, headers=None, timeout=30):
        """Sends one request. Returns the answer's body and headers."""
        headers = {"Authorization": f"Bearer {self.token()}", "Content-Type": "application/json", **(headers or {})}
        connection = http.client.HTTPSConnection(self.host, self.port, context=self.tls, timeout=timeout)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise GatewayError(0, {"detail": f"The gateway gave no answer: {error}"}) from error
        finally:
            connection.close()
        if answer.status < 300:
            return content, answer.headers
        try:
            problem = json.loads(content)
        except ValueError:
            problem = None  # A proxy's error page.
        seconds = answer.headers.get("Retry-After", "")
        raise GatewayError(
            answer.status, problem if isinstance(problem, dict) else {}, int(seconds) if seconds.isdecimal() else None)

    def ask(self, method, path, body=None, headers=None, timeout=30):
        """Sends a request until it is answered, or until patience ends. Repeating the same request is always safe."""
        headers, started, pause, tries = dict(headers or {}), time.monotonic(), 0.2, 0
        while True:
            try:
                return self.send(method, path, body, headers, timeout)
            except GatewayError as error:
                tries += 1
                wait = pause * random.uniform(0.5, 1) if error.retry_after is None else error.retry_after
                patience = MODEL_PATIENCE if error.code == "ModelUnavailable" else PATIENCE
                if (not error.is_transient or time.monotonic() - started + wait > patience
                        or error.code == "InternalError" and tries > 2):
                    raise
                time.sleep(wait)
                pause = min(2 * pause, 10)
                if "Idempotency-Key" in headers:
                    headers["Agent-Repeated"] = "true"

    def post(self, path, message):
        return json.loads(self.ask("POST", path, encode(message))[0])


def encode(message):
    return json.dumps(message, separators=(",", ":")).encode()
