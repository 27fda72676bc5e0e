// Content items of structured reports (PS3.3 C.17.3).
import ImagingIO

/// A node of a report's tree.
struct ContentItem {
    /// How an item stands to the one above it.
    enum Relationship: String {
        case contains = "CONTAINS"
        case hasObservationContext = "HAS OBS CONTEXT"
        case hasConceptModifier = "HAS CONCEPT MOD"
        case hasProperties = "HAS PROPERTIES"
    }

    private var data: DICOMDataSet

    private init(
        _ valueType: String, _ relationship: Relationship?, _ name: CodedConcept, children: [ContentItem] = [],
        _ fill: (inout DICOMDataSet) -> Void
    ) {
        data = DICOMDataSet()
        if let relationship { data.add(.relationshipType, .CS, relationship.rawValue) }
        data.add(.valueType, .CS, valueType)
        data.add(.conceptName, code: name)
        fill(&data)
        if !children.isEmpty { data.add(.contentSequence, items: children.map(\.data)) }
    }

    /// - Parameters:
    ///   - relationship: nil for the root.
    ///   - template: of DCMR (PS3.16), where the container follows one.
    static func container(
        _ relationship: Relationship?, _ name: CodedConcept, template: String?, _ children: [ContentItem]
    ) -> ContentItem {
        ContentItem("CONTAINER", relationship, name, children: children) { data in
            data.add(.continuityOfContent, .CS, "SEPARATE")
            guard let template else { return }
            data.add(
                .contentTemplate,
                items: [
                    .item {
                        $0.add(.mappingResource, .CS, "DCMR")
                        $0.add(.templateIdentifier, .CS, template)
                    }
                ])
        }
    }

    static func code(_ relationship: Relationship, _ name: CodedConcept, _ value: CodedConcept) -> ContentItem {
        ContentItem("CODE", relationship, name) { $0.add(.conceptCode, code: value) }
    }

    static func text(_ relationship: Relationship, _ name: CodedConcept, _ value: String) -> ContentItem {
        ContentItem("TEXT", relationship, name) { $0.add(.textValue, .UT, value) }
    }

    static func uid(_ relationship: Relationship, _ name: CodedConcept, _ value: String) -> ContentItem {
        ContentItem("UIDREF", relationship, name) { $0.add(.uidValue, .UI, value) }
    }

    /// A segment of a segmentation.
    static func segment(
        _ relationship: Relationship, _ name: CodedConcept, _ object: ObjectReference, number: Int
    ) -> ContentItem {
        ContentItem("IMAGE", relationship, name) {
            $0.add(
                .referencedSOP,
                items: [
                    .item {
                        $0.add(reference: object)
                        $0.add(.referencedSegmentNumber, word: number)
                    }
                ])
        }
    }

    /// A number: as text of at most 16 characters, and exactly (PS3.3 C.18.1).
    static func number(
        _ relationship: Relationship, _ name: CodedConcept, _ value: Double, _ unit: CodedConcept,
        _ children: [ContentItem]
    ) -> ContentItem {
        ContentItem("NUM", relationship, name, children: children) {
            $0.add(
                .measuredValue,
                items: [
                    .item {
                        $0.add(.numericValue, .DS, numbers: [value])
                        $0.add(.floatingPointValue, double: value)
                        $0.add(.measurementUnits, code: unit)
                    }
                ])
        }
    }

    /// Makes the item the root of an object.
    func addAsRoot(to object: inout DICOMDataSet) { object.merge(data) }
}
