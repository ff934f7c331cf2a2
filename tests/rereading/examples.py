"""A page that is true in every line, for the tests to spoil."""

PAGE = r"""
The inputs and the weights:

| symbol | value |
| :-- | :-- |
| $i_{1}$ | $0.1$ |
| $w_{1}$ | $-0.3$ |
| $b_{1}$ | $0.25$ |
| $\mathit{target}_{1}$ | $0.05$ |

#### Step 1

$$
\begin{aligned}
\mathit{sum}_{h1} &= i_{1} \cdot w_{1} \\
&\quad + b_{1} && \text{(as in $\Sigma$, 2 terms)} \\
&= 0.1 \times (-0.3) + 0.25 \\
&= 0.22
\end{aligned}
$$

#### Equation (2)

$$
\begin{aligned}
\mathit{out}_{h1} &= \frac{1}{1 + e^{-\mathit{sum}_{h1}}} \\
&= \frac{1}{1 + e^{-0.22}} \\
&\approx 0.55478 \\
E &= \frac{1}{2} \cdot (\mathit{target}_{1} - \mathit{out}_{h1})^{2} \\
&= \frac{1}{2} \times (0.05 - 0.55478)^{2} \\
&\approx 0.12740
\end{aligned}
$$
"""


def display(*lines: str) -> str:
    return "$$\n" + "\n".join(lines) + "\n$$\n"
