"""What a bone voxel is a part of, and the network's class of each."""
import numpy as np

NO_BONE, WALL, ENDPLATE, ARCH, SACRAL, RIB, PELVIC, FEMORAL, OTHER, PEDICLE_LEFT, PEDICLE_RIGHT, FACET, TRANSVERSE, SPINOUS = range(14)
COUNT = 14
# 0 background, 1 body, 2 posterior, 3 disc, 4 canal, 5 sacrum, 6 rib, 7 pelvis and femur. ARCH: lamina, and the ring of C1.
CLASS = np.array([0, 1, 1, 2, 5, 6, 7, 7, 0, 2, 2, 2, 2, 2], np.uint8)
# Of a vertebra alone: 1 body, 2 lamina, 3 left and 4 right pedicle, 5 articular processes, 6 transverse, 7 spinous process.
PART = np.array([0, 1, 1, 2, 0, 0, 0, 0, 0, 3, 4, 5, 6, 7], np.uint8)
