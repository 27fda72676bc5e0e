// The readings of one method as a grid of cases, operators and repeats.
import Agreement

/// Readings by operator and case, in the order in which they first occur.
struct OperatorGrid {
    /// Group and name of each operator: two groups may number their operators alike.
    let operators: [(group: String, name: String)]
    let cases: [String]
    /// Index order [operator][case][repeat].
    let values: [[[Double]]]
    let seconds: [[[Double]]]

    init(_ rows: [OperatorReading]) {
        var operators: [(group: String, name: String)] = []
        var cases: [String] = []
        var operatorPlaces: [[String]: Int] = [:]
        var casePlaces: [String: Int] = [:]
        for row in rows {
            if operatorPlaces.updateValue(
                operatorPlaces[[row.group, row.operatorName]] ?? operators.count, forKey: [row.group, row.operatorName])
                == nil
            {
                operators.append((row.group, row.operatorName))
            }
            if casePlaces.updateValue(casePlaces[row.caseName] ?? cases.count, forKey: row.caseName) == nil {
                cases.append(row.caseName)
            }
        }
        let empty = [[[Double]]](repeating: [[Double]](repeating: [], count: cases.count), count: operators.count)
        var (values, seconds) = (empty, empty)
        for row in rows {
            guard let person = operatorPlaces[[row.group, row.operatorName]], let item = casePlaces[row.caseName] else {
                continue
            }
            values[person][item].append(row.value)
            if let time = row.seconds { seconds[person][item].append(time) }
        }
        self.operators = operators
        self.cases = cases
        self.values = values
        self.seconds = seconds
    }

    /// Whether every operator read every case equally often.
    var isBalanced: Bool {
        let count = values.first?.first?.count ?? 0
        return count > 0 && values.allSatisfy { $0.allSatisfy { $0.count == count } }
    }

    /// The mean of all readings of each operator, by group.
    func operatorMeans(_ numbers: [[[Double]]], groups: [String]) -> [[Double]] {
        groups.map { group in
            operators.indices.filter { operators[$0].group == group }.compactMap { person in
                let all = numbers[person].flatMap { $0 }
                return all.isEmpty ? nil : all.reduce(0, +) / Double(all.count)
            }
        }
    }
}
