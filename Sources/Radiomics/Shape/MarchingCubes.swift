// The triangles of marching cubes.

/// The triangles of each of the first 128 ways in which a cube's corners can lie inside, as edge numbers, three a triangle
/// ("A" is 10, "B" is 11). Bit c of the case is corner c; corner 7 is outside.
///
/// Corners as (x, y, z): 0 (0,0,0), 1 (1,0,0), 2 (1,1,0), 3 (0,1,0), 4 … 7 the same at z = 1. Edges 0 … 3 run round the lower
/// face from corner 0, 4 … 7 round the upper one, 8 … 11 up from corners 0 … 3.
/// Source: Lorensen and Cline 1987, Computer Graphics 21:163, in the table of Bourke 1994, "Polygonising a scalar field".
private let trianglesByCase: [String] = [
    "",
    "083", "019", "183981", "12A", "08312A", "92A029", "2832A8A98", "3B2", "0B28B0", "19023B", "1B219B98B", "3A1BA3",
    "0A108A8BA", "3903B9BA9", "98AA8B", "478", "430734", "019847", "419471731", "12A847", "34730412A", "92A902847",
    "2A9297273794", "8473B2", "B47B24204", "90184723B", "47B94B9B2921", "3A13BA784", "1BA14B1047B4", "47890B9BAB03",
    "47B4B99BA", "954", "954083", "054150", "854835315", "12A954", "30812A495", "52A542402", "2A5325354348", "95423B",
    "0B208B495", "05401523B", "21525828B485", "A3BA13954", "4950818A18BA", "54050B5BAB03", "54858AA8B", "978579",
    "930953573", "078017157", "153357", "978957A12", "A12950530573", "802825857A52", "2A5253357", "7957893B2",
    "95797292027B", "23B018178157", "B21B17715", "958857A13A3B", "5705097B010ABA0", "BA0B03A50807570", "BA57B5",
    "A65", "0835A6", "9015A6", "1831985A6", "165261", "165126308", "965906026", "598582526328", "23BA65", "B08B20A65",
    "01923B5A6", "5A61929B298B", "63B653513", "08B0B50515B6", "3B6036065059", "65969BB98", "5A6478", "43047365A",
    "1905A6847", "A65197173794", "612651478", "125526304347", "847905065026", "739794329596269", "3B2784A65",
    "5A647242027B", "01947823B5A6", "9219B294B7B45A6", "8473B53515B6", "51B5B610B7B404B", "059065036B63847",
    "65969B4797B9", "A4964A", "4A649A083", "A01A60640", "83181686461A", "149124264", "308129249264", "024426",
    "832824426", "A49A64B23", "08228B49A4A6", "3B201606461A", "64161A48121B8B1", "964936913B63", "8B1810B61914641",
    "3B6360064", "648B68", "7A678A89A", "0730A709A67A", "A671A7178180", "A67A71173", "126168189867",
    "269291679093739", "780706602", "732672", "23BA68A89867", "20727B09767A9A7", "1801781A767A23B", "B21B17A61671",
    "896867916B63136", "091B67", "7807063B0B60", "7B6",
]

/// The two corners of each edge.
private let edgeCorners: [(Int, Int)] = [
    (0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7),
]

private let cornerOffsets: [SIMD3<Double>] = [
    [0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1],
]

enum MarchingCubes {
    /// The corners of each case's triangles in units of the cube, three a triangle, at the midpoints of edges.
    ///
    /// Cases 128 … 255 take the triangles of the complement with the orientation reversed, as PyRadiomics does. Where a face
    /// has two opposite corners inside this leaves cracks; equality with PyRadiomics asks for them.
    static let triangles: [[SIMD3<Double>]] = {
        let midpoints = edgeCorners.map { (cornerOffsets[$0.0] + cornerOffsets[$0.1]) / 2 }
        let lower = trianglesByCase.map { row in row.compactMap { $0.hexDigitValue }.map { midpoints[$0] } }
        let upper = lower.reversed().map { corners in
            // Every second and third corner change places.
            corners.indices.map { i in corners[i % 3 == 0 ? i : i % 3 == 1 ? i + 1 : i - 1] }
        }
        return lower + upper
    }()
}
