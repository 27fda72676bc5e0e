// A dense linear system of few unknowns.

/// Gaussian elimination with row exchange: needles that share a pressure, faces that share an opening.
func solveLinear(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
    var a = matrix
    var b = right
    let n = b.count
    for column in 0..<n {
        let pivot = (column..<n).max { abs(a[$0][column]) < abs(a[$1][column]) } ?? column
        a.swapAt(column, pivot)
        b.swapAt(column, pivot)
        for row in column + 1..<max(n, column + 1) {
            let factor = a[row][column] / a[column][column]
            for k in column..<n { a[row][k] -= factor * a[column][k] }
            b[row] -= factor * b[column]
        }
    }
    for row in (0..<n).reversed() {
        for k in row + 1..<max(n, row + 1) { b[row] -= a[row][k] * b[k] }
        b[row] /= a[row][row]
    }
    return b
}
