"""Who is this? A contact whose customer is little known is linked to one the brand knows, by a code or by evidence."""
