"""Verifies a message as receivers do. Standard input: {"headers": …, "body": …, "secret": …}"""
import base64
import hashlib
import hmac
import json
import sys
import time

message = json.load(sys.stdin)
headers, body, secret = message["headers"], message["body"].encode(), message["secret"]


def verified(headers, body, secret):
    """The lines of docs/webhooks.md."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    is_recent = abs(time.time() - int(headers["webhook-timestamp"])) < 300
    return is_recent and hmac.compare_digest(expected, headers["webhook-signature"])


def altered(name, value):
    return {**headers, name: value}


assert verified(headers, body, secret)
assert not verified(headers, body + b" ", secret)
assert not verified(altered("webhook-id", "another"), body, secret)
assert not verified(altered("webhook-timestamp", str(int(time.time()) - 3600)), body, secret)
try:
    from standardwebhooks.webhooks import Webhook
except ImportError:
    print("without the library of Standard Webhooks")
else:
    assert Webhook(secret).verify(body, headers)["type"] == json.loads(body)["type"]
print("ok")
