# A VHD becomes a managed image: Terraform uploads it, then a manifest, and waits for the app.

terraform {
  required_version = ">= 1.5"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.0"
    }
  }
}

provider "azurerm" {
  features {}
  # The app's template switches shared keys of the account off.
  storage_use_azuread = true
}

locals {
  manifest_name = "${var.image_name}.json"
  manifest = {
    imageName = var.image_name
    properties = {
      storageProfile = {
        osDisk = {
          osType  = var.os_type
          osState = "Generalized"
          blobUri = azurerm_storage_blob.disk.name
        }
      }
    }
  }
}

resource "azurerm_storage_blob" "disk" {
  name                 = "${var.image_name}.vhd"
  storage_container_id = var.container_id
  type                 = "Page"
  source               = var.vhd_file
  parallelism          = 16
}

# The manifest is written last: it says that the disk is complete.
resource "azurerm_storage_blob" "manifest" {
  name                 = local.manifest_name
  storage_container_id = var.container_id
  type                 = "Block"
  content_type         = "application/json"
  source_content       = jsonencode(local.manifest)
  depends_on           = [azurerm_storage_blob.disk]
}

# The command follows the request until it has ended, and fails with cause and fix. A data source of
# `http` would retry failed calls only, and keep the key in the state.
resource "terraform_data" "wait" {
  triggers_replace = [azurerm_storage_blob.manifest.id, md5(jsonencode(local.manifest))]

  provisioner "local-exec" {
    command = "vhd-to-image watch '${local.manifest_name}' --timeout ${var.timeout_seconds}"
    environment = {
      VHD_TO_IMAGE_URL = var.app_url
      VHD_TO_IMAGE_KEY = var.app_key
    }
  }
}

data "azurerm_image" "image" {
  name                = var.image_name
  resource_group_name = var.image_resource_group
  depends_on          = [terraform_data.wait]
}
