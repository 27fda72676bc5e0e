// What a body's flow domain is made of. Every number can be swept.

/// Material of a vertebral body and of what surrounds it.
package struct BodyFlowParameters: Sendable, Hashable {
    /// Mean permeability from right to left, from posterior to anterior and along the spine, mm².
    ///
    /// 4.45e-8 m² along the spine and 3.44e-8 m² from front to back in lumbar bodies (Baroud 2004, J Biomech 37:189); across taken
    /// as from front to back (our choice). Other work is one to three decades lower (Nauman 1999, Ann Biomed Eng 27:517).
    package var permeabilityMM2 = SIMD3(0.0344, 0.0344, 0.0445)
    /// Standard deviation of ln k between the densest and the loosest bone: density gives the rank only, since it predicts
    /// permeability weakly (Baroud 2004). ln √(1 + (1.72/4.45)²), the spread between specimens there (taking it for the spread
    /// within one body is our choice).
    package var permeabilitySpread = 0.375
    /// Part of bone that is marrow: 0.85–0.95 (unverified).
    package var porosity = 0.9
    /// A cleft is open space: this many times the permeability of bone, porosity 1 (our choice; the result does not depend on it).
    package var cleftFactor = 1000.0
    /// About 0.35 mm in 16 L1 bodies (Silva 1994, J Bone Miner Res 9:409).
    package var cortexThicknessMM = 0.35
    /// Permeability of intact cortex over that of bone (our choice: sealed to cement, which is a thousand times as thick as marrow: at
    /// 1e-6 whole walls let cement through before a gap does, the more the coarser the grid; marrow leaves by foramen, veins and gaps).
    package var cortexPermeabilityRatio = 1e-9
    /// The basivertebral foramen's channel: diameter, mm (our choice where no scan shows it), …
    package var foramenDiameterMM = 1.5
    /// … and its depth over the sagittal diameter: 12–21.8 % (Tzika 2021, 10.1007/s00276-021-02690-0).
    package var foramenDepthShare = 0.17
    /// A segmental vein's hole at the waist of each side, mm (our choice).
    package var veinDiameterMM = 0.5
    /// Soft tissue around the body, mm² and porosity (our choice, no value was found: near that of bone, as the law of access resistance
    /// takes it on both sides of a gap; at a tenth of it a gap of 2 × 8 mm beside the needle lets nothing through before 15 mL).
    package var softTissuePermeabilityMM2 = 1e-2
    /// Disc behind an endplate, mm² (our choice as for soft tissue: cement does enter discs through broken endplates).
    package var discPermeabilityMM2 = 1e-2
    /// Fat and veins of the spinal canal, mm² (our choice; no value was found).
    package var canalPermeabilityMM2 = 1e-2
    /// Part of tissue that leaked cement can fill (our choice).
    package var tissuePorosity = 0.5

    package init() {}
}
