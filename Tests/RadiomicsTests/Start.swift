// The tests of Radiomics.
