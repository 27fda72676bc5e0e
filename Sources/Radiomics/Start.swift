// The room of Radiomics.
