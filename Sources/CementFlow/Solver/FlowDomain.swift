// What cement flows through: pores, permeability, thin barriers and the ways out. It does not change while cement flows.
import Domain
import Imaging

/// The porous body that is injected, on flat arrays of `grid.count` values.
///
/// Units: millimetres, seconds, pascals. Permeability is in mm² (1e-8 m² = 0.01 mm²); with viscosity in Pa·s and pressure in Pa the
/// Darcy velocity comes out in mm/s.
package struct FlowDomain: Sendable {
    package let grid: FlowGrid
    /// Part of each cell that fluid can fill, 0…1; 0 where there is no cell.
    package var porosity: [Double]
    /// Permeability along the grid's axes, mm²; what it is where the porosity is 0 does not matter.
    package var permeabilityMM2: [SIMD3<Double>]
    /// Thin resistances on faces between two cells.
    package var barriers: [Barrier]
    /// Faces through which fluid leaves to where the pressure is 0.
    package var outlets: [Outlet]
    /// Openings, to which outlets and barriers belong.
    package var openings: [Opening]
    /// Names of the exits, to which openings belong.
    package var exits: [String]

    package init(
        grid: FlowGrid, porosity: [Double], permeabilityMM2: [SIMD3<Double>], barriers: [Barrier] = [],
        outlets: [Outlet] = [], openings: [Opening] = [], exits: [String] = []
    ) {
        self.grid = grid
        self.porosity = porosity
        self.permeabilityMM2 = permeabilityMM2
        self.barriers = barriers
        self.outlets = outlets
        self.openings = openings
        self.exits = exits
    }

    /// A grid without a single cell.
    package init(grid: FlowGrid) {
        self.init(
            grid: grid, porosity: [Double](repeating: 0, count: grid.count),
            permeabilityMM2: [SIMD3<Double>](repeating: .zero, count: grid.count))
    }

    /// A thin layer on the face between `cell` and its next neighbour along `axis`.
    package struct Barrier: Sendable, Hashable {
        package var cell: Int
        /// 0, 1 or 2 for x, y or z.
        package var axis: Int
        /// Pressure drop per flow and per viscosity of what is inside, 1/mm³; infinite where it is sealed. May be negative where
        /// an opening funnels flow less than the grid does (`AccessResistance`); the face's total never falls below 0.
        package var resistance: Double
        /// The opening whose leak is counted here; nil for a layer inside the body.
        package var opening: Int?

        package init(cell: Int, axis: Int, resistance: Double, opening: Int? = nil) {
            self.cell = cell
            self.axis = axis
            self.resistance = resistance
            self.opening = opening
        }
    }

    /// A face through which fluid leaves the model.
    package struct Outlet: Sendable, Hashable {
        package var cell: Int
        /// 0, 1 or 2: the axis that the face is perpendicular to.
        package var axis: Int
        /// 1 where the outside lies at higher index, −1 at lower.
        package var side: Int
        /// Pressure drop per flow and per viscosity between the face and the outside, 1/mm³; see `Barrier.resistance`.
        package var resistance: Double
        /// The part of it that corrects the grid's access resistance, 1/mm³.
        package var access: Double
        /// The opening whose leak is counted here; nil at the edge of a margin around the body.
        package var opening: Int?
        /// The part of the opening's area on this face, 0…1; the tissue outside counts by it.
        package var share: Double

        package init(
            cell: Int, axis: Int, side: Int = 1, resistance: Double, access: Double = 0, opening: Int?,
            share: Double = 1
        ) {
            self.cell = cell
            self.axis = axis
            self.side = side
            self.resistance = resistance
            self.access = access
            self.opening = opening
            self.share = share
        }
    }

    /// One way through the shell.
    package struct Opening: Sendable, Hashable {
        /// Index into `exits`.
        package var exit: Int
        /// What lies outside; nil where the outside offers no resistance.
        package var tissue: OuterTissue?

        package init(exit: Int, tissue: OuterTissue? = nil) {
            self.exit = exit
            self.tissue = tissue
        }
    }
}
