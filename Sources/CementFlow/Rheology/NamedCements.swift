// Cements by name. None is a product: their numbers span what is published for injectable PMMA.

extension Cement {
    /// What a plan may name, thinnest first.
    package static let named = [lowViscosity, mediumViscosity, highViscosity, newtonian]

    /// Those that stand for a real cement.
    package static let injectable = [lowViscosity, mediumViscosity, highViscosity]

    /// - Throws: `CementFlowError.cementUnknown`.
    package init(named name: String) throws {
        guard let cement = Self.named.first(where: { $0.name == name }) else {
            throw CementFlowError.cementUnknown(name: name)
        }
        self = cement
    }

    /// Injected early, a few minutes after mixing.
    package static let lowViscosity = Cement(
        name: "low-viscosity", consistency: 50, exponent: 0.6, thickeningS: thickeningS,
        source: "50 Pa·s: lower end of the injectable window (unverified); n 0.6: upper end of 0.2–0.6 (unverified). "
            + thickening)
    /// "Optimal" in a theory of spreading.
    package static let mediumViscosity = Cement(
        name: "medium-viscosity", consistency: 200, exponent: 0.5, thickeningS: thickeningS,
        source: "between the other two, our choice. " + thickening)
    /// Sold as high-viscosity, or injected late.
    package static let highViscosity = Cement(
        name: "high-viscosity", consistency: 1000, exponent: 0.4, thickeningS: thickeningS,
        source:
            "1000 Pa·s: inside the injectable window up to 2000 (unverified); n 0.4: middle of 0.2–0.6 (unverified). "
            + thickening)
    /// For checks against closed forms.
    package static let newtonian = Cement(name: "newtonian", consistency: 100, source: "100 Pa·s, our choice")

    /// Mobility fell to 63 % in 18 s after injection began (Baroud 2004, Biomed Mater Eng, "How to determine the permeability…"):
    /// 18 s / ln(1/0.63) = 39 s would hold for that test's late cement; 180 s is our choice for a working time of minutes.
    private static let thickeningS = 180.0
    private static let thickening =
        "Thickening e-fold in 180 s, our choice (39 s follows from Baroud 2004, Biomed Mater Eng, late in the working time)."
}
