"""What permission policies say: documents are read and checked, then weighed against a request.

Nothing here knows where policies are kept. Source: IAM user guide, "IAM JSON policy elements reference" and "Policy
evaluation logic".
"""

from inhouse_server.rules.policies.conditions import Condition
from inhouse_server.rules.policies.documents import Kind, Policy, Principals, Statement, parse
from inhouse_server.rules.policies.evaluation import (
    Effect,
    Policies,
    Refusal,
    Request,
    decide,
    decide_trust,
    judge,
)

__all__ = [
    "Condition",
    "Effect",
    "Kind",
    "Policies",
    "Policy",
    "Principals",
    "Refusal",
    "Request",
    "Statement",
    "decide",
    "decide_trust",
    "judge",
    "parse",
]
