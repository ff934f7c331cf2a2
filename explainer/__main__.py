"""`python -m explainer` is the command `explainer`."""

from explainer.cli.main import run

if __name__ == "__main__":
    run()
