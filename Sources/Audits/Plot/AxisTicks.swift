// Round numbers along an axis.
import Foundation

/// Ticks at multiples of 1, 2 or 5 times a power of ten (P. Heckbert, Nice numbers for graph labels, Graphics Gems, 1990).
struct AxisTicks {
    let values: [Double]
    private let decimals: Int

    init(from low: Double, to high: Double, about count: Int) {
        let rough = (high - low) / Double(count)
        let power = pow(10, log10(rough).rounded(.down))
        let share = rough / power
        let step = power * (share < 1.5 ? 1 : share < 3 ? 2 : share < 7 ? 5 : 10)
        decimals = max(0, -Int((log10(step) + 1e-9).rounded(.down)))
        let first = Int((low / step).rounded(.up))
        let last = Int((high / step).rounded(.down))
        values = first <= last ? (first...last).map { Double($0) * step } : []
    }

    func label(_ value: Double) -> String {
        // Beyond these sizes plain digits run into each other.
        guard abs(value) < 1e6, decimals <= 5 else { return String(format: "%.3g", value) }
        return Figure.text(value, decimals: decimals)
    }
}
