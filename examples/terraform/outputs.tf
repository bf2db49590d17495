output "image_id" {
  description = "Resource id of the image, for source_image_id of a virtual machine"
  value       = data.azurerm_image.image.id
}
