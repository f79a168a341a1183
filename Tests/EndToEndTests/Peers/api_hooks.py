"""For schemathesis: what a description of parameters, one by one, cannot say of the collector's API.

A cursor is what an earlier page gave, and a period does not end before it begins. Requests that mean to be right are
made so; those that mean to be wrong stay as they are.
"""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    query = case.query
    if not query or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    query.pop("after", None)
    if "from" in query and "until" in query:
        query["from"], query["until"] = sorted((query["from"], query["until"]))
