// The parts of vertebrae as the report words them.
import Domain
import Segmentation

extension PartMap.Findings {
    var sections: [PartSection] {
        volumesML.map { part, volume in
            PartSection(name: part.name, labelValue: Int(part.labelValue(of: level)), volumeML: volume)
        }
    }
}
