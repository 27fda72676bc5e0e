print("osteon")
