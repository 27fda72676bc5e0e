// One attribute of the DICOM JSON model compared in SQL (PS3.4 C.2.2.2).
import GRDB

extension InstanceQuery.Match {
    /// The SQL condition that an attribute has a value that fits.
    /// - Parameters:
    ///   - attributes: the SQL expression of an object in the DICOM JSON model.
    ///   - name: of its arguments, which are added; no other condition of the statement has it.
    func condition(
        in attributes: String, name: String, _ arguments: inout [String: (any DatabaseValueConvertible)?]
    ) -> String {
        arguments[name] = "$.\"\(tag)\".Value"
        return "EXISTS (SELECT 1 FROM json_each(\(attributes), :\(name)) v WHERE \(test(name, &arguments)))"
    }

    /// The SQL condition on one value, a row `v` of `json_each`.
    func test(_ name: String, _ arguments: inout [String: (any DatabaseValueConvertible)?]) -> String {
        let value = "CASE v.type WHEN 'object' THEN lower(json_extract(v.value, '$.Alphabetic')) ELSE v.value END"
        switch test {
        case .pattern(let pattern):
            // GLOB has the wildcards of DICOM, and brackets besides.
            let glob = pattern.replacing("[", with: "[[]")
            arguments[name + "p"] = glob
            return "\(value) GLOB CASE v.type WHEN 'object' THEN lower(:\(name)p) ELSE :\(name)p END"
        case .anyOf(let values):
            let names = values.indices.map { "\(name)v\($0)" }
            for (key, value) in zip(names, values) { arguments[key] = value }
            return "\(value) IN (\(names.map { ":" + $0 }.joined(separator: ", ")))"
        case .range(let first, let last):
            arguments.updateValue(first, forKey: name + "f")
            // The day or second that ends a range is within it, however finely a value is given.
            arguments.updateValue(last.map { $0 + "~" }, forKey: name + "l")
            return "(:\(name)f IS NULL OR \(value) >= :\(name)f) AND (:\(name)l IS NULL OR \(value) < :\(name)l)"
        }
    }
}
