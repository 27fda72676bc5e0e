// What a report lacks, said once for all vertebrae that lack it.

extension Report {
    /// What could not be computed, each with the vertebrae that lack it; none for the scan as a whole, which comes first.
    package var groupedOmissions: [(omission: Omission, levels: [VertebralLevel])] {
        var groups = omissions.map { (omission: $0, levels: [VertebralLevel]()) }
        var places: [Omission: Int] = [:]
        for vertebra in vertebrae {
            for omission in vertebra.omissions {
                if let place = places[omission] {
                    groups[place].levels.append(vertebra.level)
                } else {
                    places[omission] = groups.count
                    groups.append((omission, [vertebra.level]))
                }
            }
        }
        return groups
    }
}
