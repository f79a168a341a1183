/// The exact binomial confidence bounds of Clopper and Pearson, for a loss ratio.
///
/// Counts may be fractional: a sample whose losses cluster is worth fewer independent packets than it has, and the
/// beta function takes any.
public enum ClopperPearson {
    /// The greatest ratio that is exceeded with confidence 1 − `risk`, `lost` of `offered` packets having been lost.
    public static func lower(lost: Double, of offered: Double, risk: Double = 0.05) -> Double {
        guard lost > 0, offered > 0 else { return 0 }
        let lost = min(lost, offered)
        return IncompleteBeta.inverse(risk, a: lost, b: offered - lost + 1)
    }

    /// The least ratio that is not exceeded with confidence 1 − `risk`. 1 when nothing was offered: nothing is known.
    public static func upper(lost: Double, of offered: Double, risk: Double = 0.05) -> Double {
        guard offered > 0, lost < offered else { return 1 }
        return IncompleteBeta.inverse(1 - risk, a: max(0, lost) + 1, b: offered - max(0, lost))
    }
}
