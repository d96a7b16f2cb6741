"""What an authority asks for: a brand's figures by regime and period, added up from the same sums as its months. Pure but for
`reading`.
"""
