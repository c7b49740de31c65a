"""Operations that AWS does not have; every module here is found and loaded by itself."""
