"""The supervisor: one unprivileged process that keeps sealed workers and the queue before them.

    python -m saphan.engines.runner.supervisor --socket PATH

`client.Hall` starts it at first need; several house processes share one.
"""
