"""`python -m explainer` is the command `explainer`."""

from explainer.cli.main import main

if __name__ == "__main__":
    main(prog_name="explainer")
