"""Reports over several brands for who supervises them: whose figures may be shown, the reading of them, the rows."""
